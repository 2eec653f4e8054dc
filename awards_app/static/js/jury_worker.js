/* Keeps, for one juror, the files they have opened, so that they are read without a network. It holds only the answers that
   the server marked with the account they are for; the argument is in docs/decisions/0016-offline-scoring.md. */
const PAGES = "jury-pages|";
const ASSETS = "jury-assets";
const MARK = "Awards-Offline";
const KEPT_AT = "Awards-Kept-At";
const NO_NETWORK = "/jury/hors-ligne";
const KEPT_MS = 7 * 86400000;
const PATIENCE_MS = 8000;
const ALIKE = { ignoreVary: true };

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
// A page that was being loaded while the worker started asks to be taken in.
self.addEventListener("message", (event) => { if (event.data === "claim") event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request, url));
  else if (url.pathname.startsWith("/jury/")) event.respondWith(page(event, request));
});

async function install() {
  // Asked as nobody: the page that says there is no network holds no name.
  const answer = await fetch(NO_NETWORK, { credentials: "omit", cache: "reload" });
  if (answer.ok) await (await caches.open(ASSETS)).put(NO_NETWORK, answer);
  await self.skipWaiting();
}

async function page(event, request) {
  const kept = await find(request);
  try {
    const answer = await inTime(fetch(request), Boolean(kept));
    if (kept && [502, 503, 504].includes(answer.status)) return shown(kept);
    event.waitUntil(settle(request, answer.clone()).catch(() => {}));
    return answer;
  } catch {
    if (kept) return shown(kept);
    if (request.mode !== "navigate") return Response.error();
    return (await (await caches.open(ASSETS)).match(NO_NETWORK, ALIKE)) ?? Response.error();
  }
}

// A network that does not answer is no network, as soon as there is something else to show.
function inTime(answer, hasOther) {
  if (!hasOther) return answer;
  return Promise.race([answer, new Promise((_, reject) => { setTimeout(() => reject(new Error("no answer in time")), PATIENCE_MS); })]);
}

// What the server marks is kept for its account alone; what it no longer marks (a recusal, a lock, a session's end) is dropped.
async function settle(request, answer) {
  const account = answer.headers.get(MARK);
  if (!account || !answer.ok) {
    if (answer.status < 500) for (const name of await pages()) await (await caches.open(name)).delete(request.url, ALIKE);
    return;
  }
  for (const name of await pages()) if (name !== PAGES + account) await caches.delete(name);
  const file = request.url.match(/^(.*\/candidatures\/[^/]+)\/pieces\//);
  // What is attached to a file is kept with the file, or not at all.
  if (file && !(await (await caches.open(PAGES + account)).match(file[1], ALIKE))) return;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  await (await caches.open(PAGES + account)).put(request.url, new Response(await answer.blob(), { headers }));
}

async function find(request) {
  for (const name of await pages()) {
    const cache = await caches.open(name);
    const kept = await cache.match(request.url, ALIKE);
    if (!kept) continue;
    if (Date.now() - Number(kept.headers.get(KEPT_AT)) < KEPT_MS) return kept;
    await cache.delete(request.url, ALIKE);
  }
  return undefined;
}

// A page that is shown from here says since when, so that the script can put in the answers given after it was kept.
async function shown(kept) {
  if (!(kept.headers.get("Content-Type") || "").startsWith("text/html")) return kept;
  const text = await kept.text();
  return new Response(text.replace("<html ", `<html data-kept-at="${kept.headers.get(KEPT_AT)}" `), { headers: kept.headers });
}

async function asset(request, url) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request, ALIKE);
  // The address of a file with its hash never names another content.
  if (kept && url.searchParams.has("v")) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await keepAsset(cache, request, url, answer.clone()).catch(() => {});
    return answer;
  } catch {
    return kept ?? (await cache.match(request, { ...ALIKE, ignoreSearch: true })) ?? Response.error();
  }
}

async function keepAsset(cache, request, url, answer) {
  await cache.delete(request, { ...ALIKE, ignoreSearch: true });
  await cache.put(request, answer);
}

const pages = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));
