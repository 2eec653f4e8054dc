/* A juror without a network: opened files stay readable, answers wait and leave once, and nothing of another account stays. */
import { FILE, forgetPages, keepOnly, keptAddresses } from "./kept_pages.js";
import { copiesOf, forgetCopy, forgetJuryCopies, juryCopies } from "./local_copies.js";
import { FRESH_MS, sendQueue } from "./juror_queue.js";

const AGAIN_MS = 30000;
const keptAt = Number(document.documentElement.dataset.keptAt || 0);

export async function startOffline() {
  const { account = "", offlineWorker: worker, offlinePage } = document.body.dataset;
  if (offlinePage !== undefined) { await listKept(); return; }
  if (!keptAt) await leaveOthers(account);
  if (!worker || !account) return;
  if (keptAt) document.querySelector("[data-kept-copy]")?.removeAttribute("hidden");
  const watch = new QueueWatch(account);
  watch.start();
  if (!keptAt) await readAgain(account);
  await startWorker(worker);
}

// Whoever signs in finds nothing of the person before; whoever is signed out keeps only answers that were not sent yet.
async function leaveOthers(account) {
  await forgetPages(account);
  if (account) await forgetJuryCopies(account);
}

async function startWorker(worker) {
  if (!("serviceWorker" in navigator)) return;
  try {
    // A page may be taken in by the worker after it came without it: only how it came says whether it is kept.
    const isFirst = !(performance.getEntriesByType("navigation")[0]?.workerStart > 0);
    await navigator.serviceWorker.register(worker, { scope: "/jury/" });
    const { active } = await navigator.serviceWorker.ready;
    if (isFirst && !keptAt) await readThrough(active);
  } catch { /* the page works as it does without a worker */ }
}

// The page that starts the worker came without it: it is asked again, with all it is drawn from, so as to be kept too.
async function readThrough(active) {
  if (!navigator.serviceWorker.controller) {
    const taken = new Promise((resolve) => { navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }); });
    active.postMessage("claim");
    await taken;
  }
  const parts = performance.getEntriesByType("resource").map((one) => new URL(one.name)).filter((url) => url.origin === location.origin && /^\/(static|jury)\//.test(url.pathname));
  for (const address of new Set([location.href.split("#")[0], ...parts.map((url) => url.href)])) await fetch(address).catch(() => null);
}

// What is no longer open to this person leaves this browser at the first contact.
async function readAgain(account) {
  const seats = new Set();
  for (const { url } of await keptAddresses()) seats.add(url.pathname.split("/")[2]);
  for (const copy of await juryCopies(account)) seats.add(copy.url.split("/")[2]);
  for (const seat of seats) {
    try {
      const response = await fetch(`/jury/${seat}/ouverts`, { headers: { Accept: "application/json" } });
      const found = response.ok ? await response.json() : response.status === 404 ? { files: [], may_keep: false } : null;
      if (!found) continue;
      await keepOnly(seat, found.may_keep ? found.files : []);
      await forgetJuryCopies(account, (url) => { const file = url.match(FILE); return file?.[1] === seat && !found.files.includes(file[2]); });
    } catch { return; }
  }
}

class QueueWatch {
  constructor(account) {
    this.account = account;
    this.form = document.querySelector("form[data-queue]");
    this.ownUrl = this.form?.dataset.autosaveUrl ?? "";
    this.elsewhere = 0;
  }

  start() {
    const send = (withFresh) => this.send(withFresh);
    window.addEventListener("online", () => send(true));
    window.addEventListener("awards:signed-in", () => send(true));
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(false); });
    this.putOff();
    send(false);
  }

  async send(withFresh) {
    clearTimeout(this.timer);
    const found = await sendQueue(this.account, this.ownUrl, { withFresh });
    if (this.form) {
      this.form.dataset.waitingElsewhere = found.left;
      this.form.dispatchEvent(new Event("awards:queue"));
    }
    if (found.signedOut) document.querySelector("[data-sign-in-again]")?.removeAttribute("hidden");
    showProblems(found.problems);
    await markList(this.account);
    if (found.left) this.timer = setTimeout(() => this.send(true), found.isFresh ? FRESH_MS : AGAIN_MS);
  }

  // Putting a file off is an act of its own; without a network it waits like an answer.
  putOff() {
    const later = document.querySelector("form[data-later]");
    later?.addEventListener("submit", async (event) => {
      if (navigator.onLine && !keptAt) return;
      event.preventDefault();
      await copiesOf(this.account, new URL(later.action).pathname).keep("", "later", { label: later.dataset.later });
      location.assign(later.dataset.onward);
    });
  }
}

function showProblems(problems) {
  document.querySelector("[data-queue-panel]")?.remove();
  const pattern = document.querySelector("template[data-queue-problems]");
  if (!pattern || !problems.length) return;
  const panel = pattern.content.cloneNode(true).firstElementChild;
  const line = panel.querySelector("[data-queue-line]");
  for (const copy of problems) {
    const item = line.cloneNode(true);
    const file = copy.url.match(FILE);
    item.querySelector("[data-label]").textContent = [copy.file, copy.label || copy.name].filter(Boolean).join(" · ");
    item.querySelector("[data-why]").textContent = copy.problem.message;
    item.querySelector("[data-mine]").textContent = copy.words || copy.value;
    item.querySelector("[data-open]").href = `/jury/${file[1]}/candidatures/${file[2]}#${copy.field || "grid"}`;
    item.querySelector("[data-open]").hidden = !copy.problem.isConflict;
    item.querySelector("[data-discard]").addEventListener("click", async () => {
      await forgetCopy(copy);
      item.remove();
      if (!panel.querySelector("[data-queue-line]")) panel.remove();
      document.getElementById("contenu").focus();
    });
    line.before(item);
  }
  line.remove();
  document.querySelector(".page-body").prepend(panel);
}

// The list says where answers wait, and without a network which files can be opened.
async function markList(account) {
  const words = document.querySelector("[data-list-words]")?.dataset;
  if (!words) return;
  const counts = new Map();
  for (const copy of await juryCopies(account)) counts.set(copy.page, (counts.get(copy.page) ?? 0) + 1);
  const kept = new Set((await keptAddresses()).map(({ url }) => url.pathname));
  for (const link of document.querySelectorAll("th[scope=row] a[href*='/candidatures/']")) {
    const path = new URL(link.href).pathname;
    const waits = counts.get(path);
    const says = [waits ? (waits > 1 ? words.waitingMany : words.waiting).replace("{n}", waits) : "", keptAt && !kept.has(path) ? words.unread : ""].filter(Boolean).join(" · ");
    let line = link.parentElement.querySelector("[data-offline-line]");
    if (!line && says) {
      line = document.createElement("div");
      line.dataset.offlineLine = "";
      line.className = "small muted";
      link.parentElement.append(line);
    }
    if (line) line.textContent = says;
  }
}

// The page that stands for a file that was never opened lists those that were.
async function listKept() {
  const list = document.querySelector("[data-kept-files]");
  const found = [];
  for (const { cache, url } of await keptAddresses()) {
    const file = url.pathname.match(FILE);
    if (!file || file[3] === "/") continue;
    const text = await (await cache.match(url.href, { ignoreVary: true }))?.text();
    const title = text && new DOMParser().parseFromString(text, "text/html").title.split(" — ")[0];
    if (title) found.push({ title, href: url.pathname });
  }
  found.sort((one, other) => one.title.localeCompare(other.title, "fr"));
  for (const { title, href } of found) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href, textContent: title }));
    list.append(item);
  }
  document.querySelector("[data-kept-none]").hidden = found.length > 0;
  document.querySelector("[data-kept-some]").hidden = found.length === 0;
}
