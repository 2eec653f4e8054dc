/* Counters that agree with the server: code points after NFC, line ends as one sign. */
export function countSigns(text) {
  return [...text.replace(/\r\n?/g, "\n").normalize("NFC")].length;
}

export function startCounters() {
  const numbers = new Intl.NumberFormat(document.documentElement.lang || "fr");
  for (const counter of document.querySelectorAll("[data-counter-for]")) {
    const field = document.getElementById(counter.dataset.counterFor);
    if (!field) continue;
    const limit = Number(counter.dataset.limit);
    const show = () => {
      const left = limit - countSigns(field.value);
      const words = left < 0 ? counter.dataset.over : counter.dataset.left;
      counter.textContent = words.replace("{n}", numbers.format(Math.abs(left))).replace("{limit}", numbers.format(limit));
      counter.classList.toggle("over", left < 0);
    };
    field.addEventListener("input", show);
    show();
  }
}
