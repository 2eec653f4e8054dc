/* Ctrl+Shift with an arrow leads to the file before or after, as its links do; never while one writes. */
export function startNeighbours() {
  const nav = document.querySelector("[data-neighbours]");
  if (!nav) return;
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !event.shiftKey || event.target.matches("textarea, select, input")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && nav.querySelector(`a[rel=${rel}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
