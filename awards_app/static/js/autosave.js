/* Saves each field as it changes, says how it stands by the field and at the foot, keeps a copy until the server confirms. */
import { showConflict } from "./conflict.js";
import { boxOf, labelOf, saves, seenVersion, take, valueOf, versionOf } from "./fields.js";
import { aboutAnswer, startLeaving, takeUpQueue } from "./juror_sheet.js";
import { copiesOf } from "./local_copies.js";
import { answerOf, Outbox, post } from "./outbox.js";
import { offerCopies } from "./recovered.js";
import { readSession, startSessionWatch } from "./session_watch.js";

const REFUSED = [403, 404, 409, 410, 413, 422];

export function startAutosave(form) {
  const url = form.dataset.autosaveUrl || form.action;
  const account = form.dataset.account || "";
  const foot = form.querySelector("[data-save-state]") || document.querySelector("[data-save-state]");
  const copies = copiesOf(account, url);
  const token = form.querySelector("[name=csrf_token]");
  const revision = form.querySelector("[data-form-revision]");
  const fields = () => [...form.elements].filter(saves);
  const fieldOf = (name) => fields().find((field) => field.name === name);
  const said = new Map();
  // Answers that may wait for days without a network, and are taken up again by themselves.
  const isQueue = form.dataset.queue !== undefined;
  const met = new Set();
  let savedAt = "";
  let leaving = false;
  let keeping = Promise.resolve();

  const outbox = new Outbox({ send, changed: () => show() });
  form.outbox = outbox;

  function changed(field, isFinal) {
    if (!saves(field)) return;
    const value = valueOf(form, field);
    if (!outbox.entries.has(field.name) && said.get(field.name) === value) return;
    keeping = copies.keep(field.name, value, about(field));
    // While two texts wait for a choice, typing goes on and is sent with the choice.
    if (met.has(field.name)) { outbox.entries.get(field.name).value = value; return; }
    outbox.put(field.name, value);
    if (isFinal) outbox.entries.get(field.name).due = true;
    sayAt(field.name, "");
  }

  const about = (field) => ({ version: versionOf(field), label: labelOf(field), field: field.id, ...(isQueue ? aboutAnswer(chosenOf(field)) : {}) });
  const chosenOf = (field) => (field.type === "radio" && form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`)) || field;

  async function send(entry) {
    const field = fieldOf(entry.name);
    const { value, key } = entry.flight;
    entry.flight.version ??= field ? versionOf(field) : entry.version ?? "";
    let response;
    let answer;
    try {
      response = await post(url, { field: entry.name, value, version: entry.flight.version, cle: key, csrf_token: token?.value ?? "", ...(revision ? { formulaire: revision.value } : {}) });
      answer = await answerOf(response);
    } catch {
      return { again: true };
    }
    if (answer.csrf_token && token) token.value = answer.csrf_token;
    if (response.ok) return confirmed(entry, field, answer);
    if (response.status === 400 || response.status === 401) return await renewed() ? send(entry) : { stop: "signed-out" };
    if (REFUSED.includes(response.status)) return refused(entry, field, response.status, answer);
    return { again: true };
  }

  function confirmed(entry, field, answer) {
    savedAt = answer.saved_at_text || savedAt;
    if (field) {
      seenVersion(form, field, answer);
      said.set(entry.name, entry.flight.value);
      problem(field, "");
      sayAt(entry.name, "saved", savedAt);
    }
    if (isQueue) copies.confirm(entry.name, entry.flight.value, answer.version);
    if (entry.value === entry.flight.value) copies.forget(entry.name);
    else if (field) copies.keep(entry.name, entry.value, about(field));
    return { done: true };
  }

  // The token was of a session that ended; if the same person is back, the save goes on with a new one.
  async function renewed() {
    if (renewed.tried) return false;
    const session = await readSession();
    if (!session?.account || (account && session.account !== account)) return false;
    if (token) for (const one of document.querySelectorAll("[name=csrf_token]")) one.value = session.csrf_token;
    renewed.tried = true;
    setTimeout(() => { renewed.tried = false; }, 1000);
    return true;
  }

  function refused(entry, field, status, answer) {
    if (status === 409 && answer.version !== undefined && field) {
      met.add(entry.name);
      sayAt(entry.name, "");
      const settled = () => {
        met.delete(field.name);
        seenVersion(form, field, answer);
        // The differences of the form were read with this choice: the next saves are made knowing them.
        if (revision && answer.form_revision) revision.value = answer.form_revision;
      };
      showConflict(form, field, answer, foot, {
        history: form.dataset.account && revision ? url.replace(/enregistrer$/, `historique/${encodeURIComponent(field.name)}`) : "",
        mine: () => { settled(); outbox.put(field.name, valueOf(form, field)).due = true; outbox.run(); },
        theirs: () => {
          settled();
          outbox.drop(field.name);
          said.set(field.name, answer.theirs ?? "");
          take(form, field, answer.theirs ?? "");
          copies.forget(field.name);
          sayAt(field.name, "");
        },
      });
    } else if (field) {
      problem(field, answer.message || "");
      sayAt(entry.name, "failed");
    }
    return { refused: true };
  }

  function show() {
    if (!foot) return;
    const waiting = outbox.waiting + Number(form.dataset.waitingElsewhere || 0);
    const blocked = [...outbox.entries.values()].some((entry) => entry.refused);
    const state = outbox.sending ? "saving" : outbox.stopped || (met.size ? "conflict" : "") || (isQueue && !navigator.onLine ? "offline" : blocked ? "failed" : waiting ? "waiting" : savedAt ? "saved" : "idle");
    const words = state === "offline" && waiting !== 1 ? foot.dataset[waiting ? "offlineMany" : "offlineNone"] : foot.dataset[camel(state)];
    foot.dataset.saveState = state;
    if (words) set(foot.querySelector("[data-save-text]"), words.replace("{time}", savedAt).replace("{n}", waiting));
    const retry = foot.querySelector("[data-save-retry]");
    if (retry) retry.hidden = !["failed", "offline"].includes(state);
    const signIn = document.querySelector("[data-sign-in-again]");
    if (signIn) signIn.hidden = state !== "signed-out";
    if (outbox.sending) sayAt(outbox.sending, "saving");
    if (["offline", "signed-out"].includes(state)) for (const name of outbox.entries.keys()) sayAt(name, state !== "offline" ? state : isQueue ? "kept" : "failed");
  }

  function sayAt(name, state, time = "") {
    const field = fieldOf(name);
    if (!field || !foot || !form.dataset.account) return;
    const box = boxOf(field);
    let line = box.querySelector(":scope > .field-state");
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "field-state" });
      box.append(line);
    }
    line.dataset.saveState = state || "idle";
    set(line, state ? (foot.dataset[camel(state)] || "").replace("{time}", time) : "");
  }

  for (const field of fields()) said.set(field.name, valueOf(form, field));
  form.addEventListener("input", (event) => changed(event.target, false));
  form.addEventListener("change", (event) => { changed(event.target, true); outbox.run(); });
  form.addEventListener("focusout", (event) => { if (outbox.entries.has(event.target.name)) outbox.hurry(); });
  foot?.querySelector("[data-save-retry]")?.addEventListener("click", () => {
    for (const entry of outbox.entries.values()) entry.refused = false;
    outbox.resume();
  });
  window.addEventListener("pagehide", () => outbox.hurry());
  window.addEventListener("beforeunload", (event) => { if (!leaving && !isQueue && (outbox.stopped || outbox.waiting > 1 || met.size)) event.preventDefault(); });
  window.addEventListener("awards:signed-in", () => outbox.resume());
  form.addEventListener("awards:queue", () => show());
  if (isQueue) for (const name of ["online", "offline"]) window.addEventListener(name, () => show());
  if (isQueue) startLeaving({ form, outbox, isBlocked: () => met.size > 0 || [...outbox.entries.values()].some((entry) => entry.refused), settle: () => keeping, leave: () => { leaving = true; } });
  // The whole form goes once each of its answers is saved: nothing is left behind by leaving the page.
  else form.addEventListener("submit", async (event) => {
    if (!outbox.waiting) { leaving = true; return; }
    event.preventDefault();
    if (await outbox.hurry() && !outbox.waiting) { leaving = true; form.requestSubmit(event.submitter ?? undefined); }
    else (document.querySelector("[data-sign-in-again]:not([hidden])") || foot)?.scrollIntoView({ block: "center" });
  });
  if (account) {
    startSessionWatch({ account, onOver: () => { outbox.stopped = "signed-out"; show(); }, isWriting: () => outbox.waiting > 0 });
    const takesUp = { form, copies, fieldOf, said, changed: (field) => { changed(field, true); outbox.run(); } };
    if (isQueue) takeUpQueue(takesUp).then(() => show());
    else offerCopies(takesUp);
  }
  show();
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const set = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };

function problem(field, message) {
  const id = `${field.id}-save-error`;
  document.getElementById(id)?.remove();
  if (message) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (!message) return;
  const text = Object.assign(document.createElement("p"), { id, className: "error-text", textContent: message });
  (field.closest(".affixed") || field).before(text);
}
