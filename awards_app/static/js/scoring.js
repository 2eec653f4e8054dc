/* Keys 0 to 4 answer the criterion in hand, Ctrl+Enter goes on to the next file, arrows go from file to file; all can be switched off. */
const STORED = "awards:score-keys";

export function startScoring() {
  const toggle = document.querySelector("[data-score-keys]");
  const scores = [...document.querySelectorAll("[data-score]")];
  if (!scores.length) return;
  if (toggle) {
    toggle.checked = localStorage.getItem(STORED) !== "off";
    toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
  }
  let inHand = null;
  for (const score of scores) score.addEventListener("focusin", () => { inHand = score; });
  document.addEventListener("keydown", (event) => {
    if (toggle && !toggle.checked) return;
    const writing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (event.key === "Enter" && event.ctrlKey && inHand?.closest("form")) {
      event.preventDefault();
      const form = inHand.closest("form");
      form.requestSubmit(form.querySelector("button[name=suite]") ?? undefined);
      return;
    }
    // Outside of the fields, the arrows lead to the neighbouring files; inside they choose a level, as everywhere.
    const side = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (side && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches("input, textarea, select, summary, [tabindex='0']")) {
      document.querySelector(`.file-nav a[rel=${side}]`)?.click();
      return;
    }
    if (writing || event.ctrlKey || event.metaKey || event.altKey || !/^[0-4]$/.test(event.key)) return;
    const score = inHand ?? scores.find((one) => !one.querySelector("input:checked")) ?? scores[0];
    const level = score.querySelector(`input[type=radio][value="${event.key}"]`);
    if (!level || level.disabled) return;
    event.preventDefault();
    level.focus();
    level.click();
  });
}
