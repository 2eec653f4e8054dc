/* Sends files in pieces by the tus protocol: a cut, a closed tab or a restarted server costs one piece at most.

The file waits in this browser's own store until the server has it whole, so that a reloaded page goes on by itself; the
store is emptied a day after, and at sign-out. Without this script the same form sends the file in one go. */
import { readSession } from "./session_watch.js";

const PIECE = 512 * 1024;
const RETRIES_MS = [1000, 3000, 6000, 15000, 30000];
const DAY_MS = 24 * 3600 * 1000;
const STORE = "awards-uploads";

export function startUploads() {
  for (const form of document.querySelectorAll("form[data-uploads]")) new Sender(form);
  for (const form of document.querySelectorAll("form[action$='/deconnexion']")) form.addEventListener("submit", () => { try { indexedDB.deleteDatabase(STORE); } catch { /* nothing was kept */ } });
}

class Sender {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.input = form.querySelector("input[type=file]");
    this.list = document.getElementById(`uploads-${this.words.question}`);
    this.jobs = [];
    this.busy = false;
    form.querySelector("button").hidden = true;
    this.input.addEventListener("change", () => { for (const file of this.input.files) this.add({ file }); this.input.value = ""; });
    form.addEventListener("submit", (event) => event.preventDefault());
    const goOn = () => { for (const job of this.jobs) if (job.state === "waiting") this.wake(job); };
    for (const name of ["online", "awards:signed-in"]) window.addEventListener(name, goOn);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") goOn(); });
    window.addEventListener("beforeunload", (event) => { if (this.jobs.some((job) => !job.id && ["sending", "queued"].includes(job.state))) event.preventDefault(); });
    this.takeBack();
  }

  /* What a former page of this browser had begun. */
  async takeBack() {
    for (const kept of await all()) {
      if (Date.now() - kept.at > DAY_MS) forget(kept.id);
      else if (kept.begin === this.words.uploads && kept.question === this.words.question) this.add(kept);
    }
  }

  add({ file, url = "", id = null }) {
    const job = { file, url, id, sent: 0, state: "queued", tries: 0, row: new Row(file, this.words) };
    this.jobs.push(job);
    this.list.append(job.row.element);
    job.row.on("pause", () => this.pause(job));
    job.row.on("resume", () => this.wake(job));
    job.row.on("cancel", () => this.cancel(job));
    if (!file.size) return this.fail(job, this.words.empty);
    if (file.size > Number(this.words.maxBytes)) return this.fail(job, this.words.tooBig);
    this.say(job, "queued");
    return this.next();
  }

  async next() {
    if (this.busy) return;
    const job = this.jobs.find((one) => one.state === "queued");
    if (!job) return;
    this.busy = true;
    try { await this.send(job); } finally { this.busy = false; }
    this.next();
  }

  async send(job) {
    this.say(job, "sending");
    try {
      if (!job.id) job.id = await keep({ file: job.file, url: job.url, begin: this.words.uploads, question: this.words.question, at: Date.now() });
      if (job.state === "cancelled") return await forget(job.id);
      if (!job.url) await this.begin(job);
      else if (!(await this.find(job))) await this.begin(job);
      while (job.state === "sending") {
        const answer = await this.piece(job);
        if (!answer) continue;
        const received = Number(answer.headers.get("Upload-Offset"));
        job.sent = received;
        job.tries = 0;
        job.row.progress(received);
        if (answer.headers.get("Attachment-Key")) return await this.done(job);
      }
    } catch (fault) {
      if (job.state === "sending") this.stumble(job, fault);
    }
  }

  async begin(job) {
    const metadata = `filename ${base64(job.file.name)},question ${base64(this.words.question)}`;
    const answer = await this.ask("POST", this.words.uploads, { "Upload-Length": String(job.file.size), "Upload-Metadata": metadata });
    job.url = answer.headers.get("Location");
    job.sent = 0;
    await change(job.id, { url: job.url });
  }

  /* Where the server is; false when it knows this upload no more. */
  async find(job) {
    try {
      const answer = await this.ask("HEAD", job.url, {});
      job.sent = Number(answer.headers.get("Upload-Offset"));
      job.row.progress(job.sent);
      return true;
    } catch (fault) {
      if (fault.status === 404) return false;
      throw fault;
    }
  }

  async piece(job) {
    const end = Math.min(job.sent + PIECE, job.file.size);
    const body = await job.file.slice(job.sent, end).arrayBuffer();
    const headers = { "Upload-Offset": String(job.sent), "Content-Type": "application/offset+octet-stream" };
    if (crypto.subtle) headers["Upload-Checksum"] = `sha256 ${bytes64(new Uint8Array(await crypto.subtle.digest("SHA-256", body)))}`;
    if (job.state !== "sending") return null;
    if (end === job.file.size) this.say(job, "sending", this.words.checking);
    job.abort = new AbortController();
    try {
      return await this.ask("PATCH", job.url, headers, body, job.abort.signal);
    } catch (fault) {
      if (fault.status !== 409 && fault.status !== 460) throw fault;
      if (++job.tries > RETRIES_MS.length || !(await this.find(job))) throw fault;
      return null;
    }
  }

  async ask(method, url, headers, body, signal, isAgain = false) {
    const token = this.form.querySelector("[name=csrf_token]").value;
    const answer = await fetch(url, { method, body, signal, headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, Accept: "application/json", ...headers } });
    // A page put in the server's place is no answer: asked again as after a cut.
    if (!answer.headers.get("Tus-Resumable")) throw new Error("not an answer");
    if (answer.ok) return answer;
    if (!isAgain && [400, 401].includes(answer.status)) {
      // The token was of a session that ended: whoever is back goes on with theirs, and anybody else waits.
      if (await this.renew()) return this.ask(method, url, headers, body, signal, true);
      throw Object.assign(new Error(""), { status: 401 });
    }
    const told = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(told.message || ""), { status: answer.status });
  }

  async renew() {
    const session = await readSession();
    if (!session?.account) return false;
    for (const one of document.querySelectorAll("[name=csrf_token]")) one.value = session.csrf_token;
    return true;
  }

  async done(job) {
    this.say(job, "received");
    await forget(job.id);
    await this.settle(job);
  }

  /* Its own line stays until the list on the page holds the file. */
  async settle(job, tries = 0) {
    if (await this.refresh()) {
      job.row.element.remove();
      this.jobs.splice(this.jobs.indexOf(job), 1);
    } else setTimeout(() => this.settle(job, tries + 1), RETRIES_MS[Math.min(tries, RETRIES_MS.length - 1)]);
  }

  /* The list of files as the server now draws it; what is typed elsewhere on the page is left alone. */
  async refresh() {
    const page = await fetch(window.location.href).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
    const drawn = new DOMParser().parseFromString(page, "text/html");
    const id = `files-${this.words.question}`;
    const fresh = drawn.getElementById(id);
    const form = drawn.querySelector(`form[data-uploads][data-question="${CSS.escape(this.words.question)}"]`);
    if (!fresh) return false;
    document.getElementById(id).replaceWith(document.adoptNode(fresh));
    if (form) { this.form.hidden = form.hidden; this.form.querySelector("label").textContent = form.querySelector("label").textContent; }
    return true;
  }

  stumble(job, fault) {
    if (fault.status === 401) {
      this.say(job, "waiting", this.words.signedOut);
      job.timer = setTimeout(() => this.wake(job), RETRIES_MS.at(-1));
      return undefined;
    }
    if (fault.status && fault.status < 500 && fault.status !== 429 && fault.status !== 408) { forget(job.id); return this.fail(job, fault.message || this.words.unknown); }
    this.say(job, "waiting", fault.status ? fault.message : "");
    const wait = RETRIES_MS[Math.min(job.tries++, RETRIES_MS.length - 1)];
    job.timer = setTimeout(() => this.wake(job), wait);
    return undefined;
  }

  wake(job) { if (["waiting", "paused"].includes(job.state)) { clearTimeout(job.timer); this.say(job, "queued"); this.next(); } }

  pause(job) { clearTimeout(job.timer); this.say(job, "paused"); job.abort?.abort(); }

  cancel(job) {
    clearTimeout(job.timer);
    job.state = "cancelled";
    job.abort?.abort();
    if (job.url) this.ask("DELETE", job.url, {}).catch(() => { /* it expires by itself */ });
    forget(job.id);
    job.row.element.remove();
    this.jobs.splice(this.jobs.indexOf(job), 1);
  }

  fail(job, message) { job.url = ""; job.id = null; this.say(job, "failed", message); }

  say(job, state, message = "") { job.state = state; job.row.say(state, message); }
}

/* One file on its way: its name, how far, what can be done. */
class Row {
  constructor(file, words) {
    this.words = words;
    this.size = file.size;
    this.element = Object.assign(document.createElement("div"), { className: "file-row" });
    const text = Object.assign(document.createElement("div"), { className: "file-text" });
    this.bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    this.bar.setAttribute("aria-label", file.name);
    this.note = Object.assign(document.createElement("p"), { className: "muted small" });
    text.append(Object.assign(document.createElement("p"), { textContent: file.name }), this.bar, this.note);
    this.buttons = {};
    const row = Object.assign(document.createElement("div"), { className: "row" });
    for (const name of ["pause", "resume", "cancel"]) {
      this.buttons[name] = Object.assign(document.createElement("button"), { type: "button", className: "button quiet" });
      this.buttons[name].append(Object.assign(document.createElement("span"), { textContent: words[name] }));
      this.buttons[name].setAttribute("aria-label", `${words[name]} : ${file.name}`);
      row.append(this.buttons[name]);
    }
    this.element.append(text, row);
  }

  on(name, act) { this.buttons[name].addEventListener("click", act); }

  progress(sent) { this.bar.value = Math.floor((100 * sent) / this.size); this.percent = `${this.bar.value}\u00a0%`; if (this.state === "sending") this.say("sending"); }

  say(state, message = "") {
    this.state = state;
    this.element.dataset.state = state;
    this.element.classList.toggle("has-error", state === "failed");
    this.note.className = state === "failed" ? "error-text" : "muted small";
    this.note.textContent = message || [this.words[state], ["sending", "paused", "waiting"].includes(state) ? this.percent : ""].filter(Boolean).join(" · ");
    this.buttons.pause.hidden = state !== "sending";
    this.buttons.cancel.hidden = state === "received";
    this.buttons.resume.hidden = !["paused", "waiting"].includes(state);
    this.buttons.cancel.firstChild.textContent = state === "failed" ? this.words.remove : this.words.cancel;
  }
}

const bytes64 = (bytes) => btoa(String.fromCharCode(...bytes));
const base64 = (text) => bytes64(new TextEncoder().encode(text));

/* The browser's own store; where it is refused, an upload lives as long as its page. */
function store(mode, act) {
  return new Promise((resolve) => {
    let opening;
    try { opening = indexedDB.open(STORE, 1); } catch { resolve(null); return; }
    opening.onupgradeneeded = () => opening.result.createObjectStore("files", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
      const base = opening.result;
      try {
        const change = base.transaction("files", mode);
        const request = act(change.objectStore("files"));
        change.oncomplete = () => { base.close(); resolve(request?.result ?? null); };
        change.onabort = change.onerror = () => { base.close(); resolve(null); };
      } catch { base.close(); resolve(null); }
    };
  });
}
const all = async () => (await store("readonly", (files) => files.getAll())) || [];
const keep = (kept) => store("readwrite", (files) => files.add(kept));
const forget = (id) => (id === null ? null : store("readwrite", (files) => files.delete(id)));
async function change(id, more) {
  if (id === null) return;
  const kept = await store("readonly", (files) => files.get(id));
  if (kept) await store("readwrite", (files) => files.put({ ...kept, ...more }));
}
