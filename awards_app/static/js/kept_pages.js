/* The files that the worker keeps for reading without a network: listing them, and forgetting them. */
const PAGES = "jury-pages|";
export const FILE = /^\/jury\/([^/]+)\/candidatures\/([^/]+)(\/|$)/;

const here = () => "caches" in window;
const quietly = (act, otherwise) => act().catch(() => otherwise);
const named = async () => (await caches.keys()).filter((name) => name.startsWith(PAGES));

// Everything that is kept goes, but what is `account`'s when one is given.
export const forgetPages = (account = "") => quietly(async () => {
  if (!here()) return;
  for (const name of await named()) if (!account || name !== PAGES + account) await caches.delete(name);
});

export const forgetWorker = () => quietly(async () => {
  await forgetPages();
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
});

// The addresses that are kept, each with its cache.
export const keptAddresses = () => quietly(async () => {
  if (!here()) return [];
  const found = [];
  for (const name of await named()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push({ cache, url: new URL(request.url) });
  }
  return found;
}, []);

// Of a seat, only the files that are still open to the juror stay; `keys` is empty once nothing may be kept.
export async function keepOnly(seat, keys) {
  const open = new Set(keys);
  let isGone = false;
  for (const { cache, url } of await keptAddresses()) {
    const file = url.pathname.match(FILE);
    if (!file || file[1] !== seat || open.has(file[2])) continue;
    await cache.delete(url.href, { ignoreVary: true });
    isGone = true;
  }
  if (!isGone && keys.length) return;
  // The list may name what has just left: it is read again at the next visit.
  for (const { cache, url } of await keptAddresses()) {
    if (url.pathname === `/jury/${seat}`) await cache.delete(url.href, { ignoreVary: true });
  }
}
