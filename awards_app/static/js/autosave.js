/* Saves each field as it changes; keeps a local copy until the server confirms; never hides a failure. */
const WAIT_MS = 1200;
const RETRY_MS = 15000;

export function startAutosave(form) {
  const url = form.dataset.autosaveUrl || form.action;
  const state = form.querySelector("[data-save-state]") || document.querySelector("[data-save-state]");
  const keyOf = (name) => `awards:${url}:${name}`;
  const pending = new Map();
  const timers = new Map();
  let running = Promise.resolve();

  const say = (name, value = "") => {
    if (!state) return;
    state.dataset.saveState = name;
    state.querySelector("[data-save-text]").textContent = (state.dataset[camel(name)] || "").replace("{time}", value);
  };

  const later = (field) => {
    if (!saves(field)) return;
    keep(keyOf(field.name), valueOf(form, field));
    pending.set(field.name, field);
    clearTimeout(timers.get(field.name));
    timers.set(field.name, setTimeout(() => queue(field), WAIT_MS));
  };
  const now = (field) => {
    if (!saves(field) || !pending.has(field.name)) return;
    clearTimeout(timers.get(field.name));
    queue(field);
  };
  const queued = new Map();
  const queue = (field) => {
    const value = valueOf(form, field);
    if (queued.get(field.name) === value) return;
    queued.set(field.name, value);
    running = running.then(() => send(field)).finally(() => queued.delete(field.name));
  };

  async function send(field) {
    const value = valueOf(form, field);
    say("saving");
    const token = form.querySelector("[name=csrf_token]");
    const holder = versionHolder(field);
    const body = new URLSearchParams({ field: field.name, value, version: holder.dataset.version ?? "", csrf_token: token?.value ?? "" });
    let response;
    try {
      response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token?.value ?? "", Accept: "application/json" } });
    } catch {
      say("offline");
      timers.set(field.name, setTimeout(() => queue(field), RETRY_MS));
      return;
    }
    const answer = await response.json().catch(() => ({}));
    if (answer.csrf_token && token) token.value = answer.csrf_token;
    if (response.ok) {
      if (answer.version !== undefined) seenVersion(form, holder, answer.version);
      problem(field, "");
      if (valueOf(form, field) !== value) return;
      pending.delete(field.name);
      forget(keyOf(field.name));
      if (!pending.size) say("saved", answer.saved_at_text || "");
    } else if (response.status === 409) {
      say("conflict");
      conflict(form, field, answer, state, () => { pending.set(field.name, field); queue(field); }, () => { pending.delete(field.name); forget(keyOf(field.name)); say("saved", ""); });
    } else {
      say(response.status === 401 ? "signed-out" : "failed");
      problem(field, response.status === 422 ? answer.message || "" : "");
      if (response.status >= 500) timers.set(field.name, setTimeout(() => queue(field), RETRY_MS));
    }
  }

  form.addEventListener("input", (event) => later(event.target));
  form.addEventListener("change", (event) => { later(event.target); now(event.target); });
  form.addEventListener("focusout", (event) => now(event.target));
  form.addEventListener("submit", () => { for (const name of pending.keys()) forget(keyOf(name)); pending.clear(); });
  window.addEventListener("online", () => { for (const field of pending.values()) queue(field); });
  window.addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });
  restore(form, keyOf, later);
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const saves = (field) => field.name && field.name !== "csrf_token" && !["file", "submit", "button", "hidden"].includes(field.type) && !field.closest("[data-no-autosave]");
const versionHolder = (field) => (field.dataset.version === undefined && field.closest("[data-version]")) || field;

// The version goes back with the next save, and with the whole form through its hidden copy.
function seenVersion(form, holder, version) {
  holder.dataset.version = version;
  const copy = holder.id && form.querySelector(`[data-version-copy="${CSS.escape(holder.id)}"]`);
  if (copy) copy.value = version;
}

function take(form, field, value) {
  if (field.type !== "radio") { field.value = value; return; }
  for (const one of form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)) one.checked = one.value === value;
}

function valueOf(form, field) {
  if (field.type === "radio") return form.querySelector(`[name="${CSS.escape(field.name)}"]:checked`)?.value ?? "";
  if (field.type === "checkbox") {
    const boxes = [...form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)];
    return boxes.length > 1 ? boxes.filter((box) => box.checked).map((box) => box.value).join(",") : field.checked ? field.value || "y" : "";
  }
  return field.value;
}

// Storage may be full or refused: the copy is then only the page itself.
function keep(key, value) { try { localStorage.setItem(key, value); } catch { /* the page still holds it */ } }
function forget(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } }

function restore(form, keyOf, later) {
  for (const field of form.elements) {
    if (!saves(field) || field.type === "checkbox") continue;
    let kept = null;
    try { kept = localStorage.getItem(keyOf(field.name)); } catch { return; }
    if (kept === null) continue;
    if (field.type === "radio") { if (field.value !== kept || field.checked) continue; field.checked = true; }
    else if (field.value === kept) { forget(keyOf(field.name)); continue; }
    else field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    later(field);
  }
}

function problem(field, message) {
  const id = `${field.id}-save-error`;
  document.getElementById(id)?.remove();
  field.toggleAttribute("aria-invalid", Boolean(message));
  if (!message) return;
  const text = Object.assign(document.createElement("p"), { id, className: "error-text", textContent: message });
  (field.closest(".affixed") || field).before(text);
}

function conflict(form, field, answer, state, keepMine, takeTheirs) {
  const box = Object.assign(document.createElement("div"), { className: "alert warning", role: "alert", id: `${field.id}-conflict` });
  document.getElementById(box.id)?.remove();
  const inside = document.createElement("div");
  const title = Object.assign(document.createElement("p"), { className: "alert-title", textContent: answer.message || state?.dataset.conflict || "" });
  const theirs = Object.assign(document.createElement("p"), { className: "filed-text", textContent: answer.theirs_text ?? answer.theirs ?? "" });
  const row = Object.assign(document.createElement("div"), { className: "button-row" });
  const mine = Object.assign(document.createElement("button"), { type: "button", className: "button secondary", textContent: state?.dataset.keepMine });
  const other = Object.assign(document.createElement("button"), { type: "button", className: "button secondary", textContent: state?.dataset.takeTheirs });
  const settle = (then) => { seenVersion(form, versionHolder(field), answer.version ?? ""); box.remove(); field.focus(); then(); };
  mine.addEventListener("click", () => settle(keepMine));
  other.addEventListener("click", () => settle(() => { take(form, field, answer.theirs ?? ""); field.dispatchEvent(new Event("input", { bubbles: true })); takeTheirs(); }));
  row.append(mine, other);
  inside.append(title, theirs, row);
  box.append(inside);
  (field.closest(".field, .score") || field).append(box);
}
