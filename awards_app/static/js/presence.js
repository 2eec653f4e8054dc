/* Who else has this section open, and which answers others saved meanwhile; asked every thirty seconds while it is seen. */
import { boxOf, versionHolder } from "./fields.js";

const EVERY_MS = 30000;

export function startPresence() {
  const place = document.querySelector("[data-presence-url]");
  const form = document.querySelector("form[data-autosave][data-account]");
  if (!place || !form) return;
  const names = new Intl.ListFormat(document.documentElement.lang || "fr");

  async function ask() {
    if (document.visibilityState === "hidden") return;
    const token = document.querySelector("[name=csrf_token]")?.value ?? "";
    const body = new URLSearchParams({ rubrique: place.dataset.section, csrf_token: token });
    const response = await fetch(place.dataset.presenceUrl, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok) return;
    const told = await response.json().catch(() => null);
    if (!told?.answers) return;
    say(told);
    for (const [code, answer] of Object.entries(told.answers)) if (answer.version && !answer.mine) note(code, answer);
  }

  function say({ here, elsewhere }) {
    const words = [
      here.length ? place.dataset[here.length > 1 ? "hereMany" : "here"].replace("{names}", names.format(here)) : "",
      elsewhere.length ? place.dataset[elsewhere.length > 1 ? "elsewhereMany" : "elsewhere"].replace("{names}", names.format(elsewhere)) : "",
    ].filter(Boolean).join(" ");
    const text = place.querySelector("[data-presence-text]");
    if (text.textContent.trim() !== words) text.textContent = words;
    place.hidden = !words;
  }

  function note(code, answer) {
    const field = form.elements[code];
    const one = field instanceof RadioNodeList ? field[0] : field;
    if (!one || form.outbox?.entries.has(code)) return;
    const shown = Number(versionHolder(one).dataset.version || 0);
    const id = `${code}-elsewhere`;
    if (answer.version <= shown || document.getElementById(id)) return;
    const link = Object.assign(document.createElement("a"), { href: `?#${code}`, textContent: place.dataset.reload });
    const line = Object.assign(document.createElement("p"), { id, className: "muted small" });
    line.append(place.dataset.changed.replace("{name}", answer.by).replace("{time}", answer.at), " ", link);
    boxOf(one).append(line);
  }

  setTimeout(ask, 1500);
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}
