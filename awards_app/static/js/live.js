/* A page that follows the chair: it asks a few bytes every four seconds and draws itself again when it is behind. */
import { startDialogs } from "./dialogs.js";

const PAUSE = 4000;
const SLOWEST = 60000;
const PATIENCE = 20000;

/* What is redrawn: the block itself, and every part of the page named by data-live-part. */
export function startLive(block) {
  let wait = PAUSE;
  let timer = 0;
  const ask = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const answer = await fetch(block.dataset.live, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
        // A page put in the server's place (a train's portal) does not read as its answer: the network is as good as lost.
        const follows = answer.ok && (await follow(block, (await answer.json()).token));
        wait = follows ? PAUSE : SLOWEST;
        say(follows ? "" : answer.status >= 500 ? "lost" : "ended");
      } catch { wait = Math.min(wait * 2, SLOWEST); say("lost"); }
    }
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };
  timer = setTimeout(ask, wait);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
}

async function follow(block, token) {
  if (token === block.dataset.liveToken) return true;
  const answer = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("contenu")) throw new Error("not a page of ours");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) {
    // What was followed is over: a page that cannot say so is opened again.
    if (!document.querySelector("[data-live-status]")) location.reload();
    return false;
  }
  replace(block, fresh);
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const other = page.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
    if (other && !(isBusy(part) && part.dataset.liveKeep === other.dataset.liveKeep)) replace(part, other);
  }
  block.dataset.liveToken = token;
  return true;
}

/* Say that what is shown may be old, in the words that the page holds for it; nothing when it follows. */
function say(state) {
  const line = document.querySelector("[data-live-status]");
  if (!line || (line.dataset.liveStatus || "") === state) return;
  line.dataset.liveStatus = state;
  const words = state && document.querySelector(`template[data-live-words="${state}"]`);
  line.replaceChildren(...(words ? [words.content.cloneNode(true)] : []));
}

/* Say whether somebody is writing in a part: a field that has the focus or was changed, a question that is asked. */
function isBusy(part) {
  if (part.querySelector("dialog[open]")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), select, textarea")].some((field) => {
    if (field === document.activeElement) return true;
    if (field.options) return [...field.options].some((one) => one.defaultSelected && !one.selected) || (field.selectedIndex > 0 && !field.options[field.selectedIndex].defaultSelected);
    return field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

/* Put what is new in the place of what was, and the focus back on the same link or button, or on what holds it. */
function replace(old, fresh) {
  if (old.dataset.liveKeep !== fresh.dataset.liveKeep) old.dataset.liveKeep = fresh.dataset.liveKeep || "";
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const words = held && held.textContent.trim();
  old.replaceChildren(...fresh.childNodes);
  startDialogs(old);
  if (!held) return;
  const same = [...old.querySelectorAll(held.tagName)].find((one) => one.textContent.trim() === words);
  const place = old.textContent.trim() ? old : document.querySelector("[data-live]") || old;
  if (!same) place.tabIndex = -1;
  (same || place).focus({ preventScroll: true });
}
