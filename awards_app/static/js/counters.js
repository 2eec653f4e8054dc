/* Counters that agree with the server to the sign: what is kept of the text is counted, in code points after NFC. */
const plainEnds = (text) => text.replace(/\r\n?|[\v\f]/g, "\n");

// What a long answer keeps: ends of line as one sign, no control but them and tabs.
export const keptText = (text) => plainEnds(text).normalize("NFC").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, "");

// What a line keeps: no mark of direction, ordinary spaces as one, none at the ends.
export const keptLine = (text) =>
  keptText(text)
    .replace(/[\u2028\u2029]/g, " ")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .replace(/[ \t\n]+/g, " ")
    .trim();

export function countSigns(text) {
  return [...plainEnds(text).normalize("NFC")].length;
}

export const countField = (field) => countSigns(field.tagName === "TEXTAREA" ? keptText(field.value) : keptLine(field.value));

export function startCounters() {
  const numbers = new Intl.NumberFormat(document.documentElement.lang || "fr");
  for (const counter of document.querySelectorAll("[data-counter-for]")) {
    const field = document.getElementById(counter.dataset.counterFor);
    if (!field) continue;
    const limit = Number(counter.dataset.limit);
    const show = () => {
      const left = limit - countField(field);
      const words = left < 0 ? counter.dataset.over : counter.dataset.left;
      counter.textContent = words.replace("{n}", numbers.format(Math.abs(left))).replace("{limit}", numbers.format(limit));
      counter.classList.toggle("over", left < 0);
    };
    field.addEventListener("input", show);
    field.addEventListener("taken", show);
    show();
  }
}
