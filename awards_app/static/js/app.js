/* The only script of a page: each module adds comfort to something that works without it. */
import { startCounters } from "./counters.js";
import { startAutosave } from "./autosave.js";
import { startCountdowns } from "./countdown.js";
import { copiesOf, startSignOut } from "./local_copies.js";
import { startPresence } from "./presence.js";
import { startSigningInAgain, startWaitingCopies } from "./recovered.js";
import { tellOthers } from "./session_watch.js";
import { startDialogs } from "./dialogs.js";
import { startNeighbours } from "./neighbours.js";
import { startOffline } from "./offline.js";
import { startQuestions } from "./questions.js";
import { startScoring } from "./scoring.js";
import { startLive } from "./live.js";
import { startUploads } from "./uploads.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
startCounters();
startQuestions();
startDialogs();
startScoring();
startNeighbours();
for (const block of document.querySelectorAll("[data-live]")) startLive(block);
startUploads();
for (const form of document.querySelectorAll("form[data-autosave]")) startAutosave(form);
startPresence();
startCountdowns();
startSignOut();
startSigningInAgain();
startWaitingCopies(copiesOf);
tellOthers();
startOffline();
// A link to a question leads into its field; otherwise a summary of errors is read first.
const asked = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
const question = asked?.matches("input, textarea, select") ? asked : asked?.querySelector("input:not([type=hidden]), textarea, select");
(question || document.querySelector("[data-focus]"))?.focus();

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
