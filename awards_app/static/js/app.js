/* The only script of a page: each module adds comfort to something that works without it. */
import { startCounters } from "./counters.js";
import { startAutosave } from "./autosave.js";
import { startDialogs } from "./dialogs.js";
import { startScoring } from "./scoring.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
startCounters();
startDialogs();
startScoring();
for (const form of document.querySelectorAll("form[data-autosave]")) startAutosave(form);
document.querySelector("[data-focus]")?.focus();

// A menu closes when one clicks or tabs elsewhere, or presses Escape.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
