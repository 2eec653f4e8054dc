/* Saves that wait their turn: one at a time, in order, each under its own key, sent again until the server has answered. */
const PAUSE_MS = 1200;
const LONGEST_MS = 5000;
const TIMEOUT_MS = 20000;
const RETRY_MS = [2000, 4000, 8000, 15000, 30000];

export class Outbox {
  /* send(entry) → {done} | {again} | {stop} | {refused}; changed() tells the page that something moved. */
  constructor({ send, changed }) {
    this.send = send;
    this.changed = changed;
    this.entries = new Map();
    this.tries = 0;
    this.running = null;
    this.stopped = "";
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.hurry());
  }

  get waiting() {
    return this.entries.size;
  }

  put(name, value, more = {}) {
    const entry = this.entries.get(name) ?? { name, since: Date.now() };
    Object.assign(entry, more, { value, refused: false });
    this.entries.set(name, entry);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => { entry.due = true; this.run(); }, Date.now() - entry.since > LONGEST_MS ? 0 : PAUSE_MS);
    this.changed();
    return entry;
  }

  drop(name) {
    clearTimeout(this.entries.get(name)?.timer);
    this.entries.delete(name);
    this.changed();
  }

  // Everything that waits becomes due: the person left the field, came back, or asks again.
  hurry() {
    if (this.stopped && this.stopped !== "offline") return this.settled();
    this.stopped = "";
    this.tries = 0;
    clearTimeout(this.later);
    for (const entry of this.entries.values()) entry.due = true;
    return this.run();
  }

  resume() {
    this.stopped = "";
    return this.hurry();
  }

  settled() {
    return (this.running ?? Promise.resolve()).then(() => this.waiting === 0);
  }

  run() {
    this.running ??= this.loop().finally(() => { this.running = null; });
    return this.running.then(() => this.waiting === 0);
  }

  async loop() {
    for (;;) {
      const entry = [...this.entries.values()].find((one) => (one.due || one.flight) && !one.refused);
      if (!entry || (this.stopped && this.stopped !== "offline")) return;
      // Without any network nothing leaves, so nothing has to be sent again as it was.
      if (!navigator.onLine && !entry.flight) { this.failed(entry); return; }
      // What was sent and not answered is sent again as it was: the server knows it by its key.
      entry.flight ??= { value: entry.value, key: newKey() };
      entry.due = false;
      this.sending = entry.name;
      this.changed();
      const outcome = await this.send(entry);
      this.sending = "";
      if (outcome.done) this.succeeded(entry);
      else if (outcome.refused) Object.assign(entry, { refused: true, flight: null, due: true });
      else if (outcome.stop) { this.stopped = outcome.stop; entry.due = true; entry.flight = null; }
      else { this.failed(entry); return; }
      this.changed();
    }
  }

  succeeded(entry) {
    this.tries = 0;
    this.stopped = "";
    const changedSince = entry.value !== entry.flight.value;
    entry.flight = null;
    entry.since = Date.now();
    // What was typed meanwhile follows at once: its own pause may be over.
    if (changedSince) entry.due = true;
    else this.drop(entry.name);
  }

  failed(entry) {
    this.stopped = "offline";
    entry.due = true;
    const wait = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    this.tries += 1;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.run(), wait * (0.75 + Math.random() / 2));
    this.changed();
  }
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// A request that the page may not outlive is still sent, unless it is too large for the browser to promise that.
export function post(url, values) {
  const body = new URLSearchParams(values).toString();
  const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
  return fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT_MS), keepalive: body.length < 60000 });
}

// A page put in the server's place (a train's portal, a proxy), or an answer that was cut, is no answer: it throws, and is asked again.
export async function answerOf(response) {
  const answer = await response.json();
  if (response.ok && answer.version === undefined) throw new Error("not an answer");
  return answer;
}
