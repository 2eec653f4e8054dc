/* The script of public pages for visitors: what works without it only gets more comfortable. */
import { startDialogs } from "./dialogs.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
startDialogs();
