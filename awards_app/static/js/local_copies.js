/* What was typed and is not confirmed yet, kept in this browser for one account; IndexedDB outlives a killed browser. */
const STORE = "copies";
const KEPT_DAYS = 7;
let opening;

function store(mode) {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("awards", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening.then((database) => database.transaction(STORE, mode).objectStore(STORE));
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// A browser that refuses to keep anything leaves the page itself as the only copy.
const quietly = (act, otherwise) => act().catch(() => otherwise);

export function copiesOf(account, url) {
  const prefix = `${account}|${url}|`;
  const range = () => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return {
    keep: (name, value, more) => quietly(async () => done((await store("readwrite")).put({ id: prefix + name, account, name, value, page: location.pathname, at: Date.now(), ...more }))),
    forget: (name) => quietly(async () => done((await store("readwrite")).delete(prefix + name))),
    all: () => quietly(async () => {
      const found = await done((await store("readonly")).getAll(range()));
      return found.filter((copy) => copy.account === account && Date.now() - copy.at < KEPT_DAYS * 86400000);
    }, []),
  };
}

export const forgetEveryCopy = () => quietly(async () => done((await store("readwrite")).clear()));

// Signing out takes what waits with it, once the person has been told.
export function startSignOut() {
  for (const form of document.querySelectorAll('form[action$="/compte/deconnexion"]')) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.cleared) return;
      event.preventDefault();
      await forgetEveryCopy();
      form.dataset.cleared = "1";
      form.requestSubmit(event.submitter ?? undefined);
    });
  }
}
