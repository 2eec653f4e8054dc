/* What a juror's sheet adds to saving as one types: what waits in this browser is taken up by itself, and leaving loses nothing. */
import { take, valueOf, versionHolder } from "./fields.js";

const ENOUGH_MS = 3000;
const isKeptCopy = () => document.documentElement.dataset.keptAt !== undefined;
const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/* The words by which the list and the panel of problems speak of an answer. */
export function aboutAnswer(field) {
  const chosen = field.type === "radio" ? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) : null;
  return { file: document.title.split(" — ")[0], ...(chosen ? { words: chosen.textContent.trim().replace(/\s+/g, " ") } : {}) };
}

/* Puts the confirmed answers into a page shown from before them, then sends again what was not confirmed. */
export async function takeUpQueue({ form, copies, fieldOf, said, changed }) {
  if (isKeptCopy()) {
    for (const one of await copies.confirmed()) {
      const field = fieldOf(one.name);
      if (!field) continue;
      said.set(one.name, one.value);
      versionHolder(field).dataset.version = one.version;
      take(form, field, one.value);
    }
  } else await copies.forgetConfirmed();
  const waiting = (await copies.all()).filter((copy) => fieldOf(copy.name)).sort((one, other) => one.at - other.at);
  const followed = followedVersions(form, fieldOf, waiting);
  for (const copy of waiting) {
    const field = fieldOf(copy.name);
    if (valueOf(form, field) === copy.value) { copies.forget(copy.name); continue; }
    versionHolder(field).dataset.version = followed.get(groupOf(copy.name)) ?? copy.version;
    take(form, field, copy.value);
    changed(field);
  }
}

const groupOf = (name) => name.replace(/-reason$/, "");

// A level that the server has kept without our hearing of it moved the version that its reason was written upon.
function followedVersions(form, fieldOf, waiting) {
  const found = new Map();
  for (const copy of waiting) {
    const field = fieldOf(copy.name);
    const version = versionHolder(field).dataset.version;
    if (valueOf(form, field) === copy.value && Number(version) === Number(copy.version) + 1) found.set(groupOf(copy.name), version);
  }
  return found;
}

/* Leaves the sheet: with a network once all is sent, without one at once, since the answers wait in this browser. */
export function startLeaving({ form, outbox, isBlocked, settle, leave }) {
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (form.dataset.leaving !== undefined) return;
    const goesOn = submitter?.name === "suite";
    if (!goesOn && !outbox.waiting && navigator.onLine && !isKeptCopy()) { leave(); return; }
    event.preventDefault();
    await Promise.race([outbox.waiting ? outbox.hurry() : Promise.resolve(), pause(ENOUGH_MS)]);
    await settle();
    if (isBlocked()) { form.querySelector("[aria-invalid], .alert.warning, .has-error")?.scrollIntoView({ block: "center" }); return; }
    if (goesOn) { leave(); location.assign(form.dataset.onward); return; }
    if (outbox.waiting || !navigator.onLine || isKeptCopy()) return;
    form.dataset.leaving = "";
    form.requestSubmit(submitter ?? undefined);
  });
}
