/* What was typed and is not confirmed yet, kept in this browser for one account; IndexedDB outlives a killed browser. */
import { forgetWorker } from "./kept_pages.js";

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

// The last value the server confirmed of a field, for a page that is shown from before it.
const CONFIRMED = "confirmed|";
const put = (record) => quietly(async () => done((await store("readwrite")).put(record)));
const remove = (id) => quietly(async () => done((await store("readwrite")).delete(id)));
const recent = (copy) => Date.now() - copy.at < KEPT_DAYS * 86400000;

export function copiesOf(account, url) {
  const prefix = `${account}|${url}|`;
  const found = (start) => quietly(async () => {
    const all = await done((await store("readonly")).getAll(IDBKeyRange.bound(start, `${start}\uffff`)));
    return all.filter((copy) => copy.account === account && recent(copy));
  }, []);
  return {
    keep: (name, value, more) => put({ id: prefix + name, account, url, name, value, page: location.pathname, at: Date.now(), ...more }),
    forget: (name) => remove(prefix + name),
    all: () => found(prefix),
    confirm: (name, value, version) => confirmCopy({ account, url, name, value }, version),
    confirmed: () => found(CONFIRMED + prefix),
    forgetConfirmed: async () => { for (const one of await found(CONFIRMED + prefix)) await remove(one.id); },
  };
}

export const keepCopy = (copy) => put(copy);
export const forgetCopy = (copy) => remove(copy.id);
export const confirmCopy = ({ account, url, name, value }, version) => put({ id: `${CONFIRMED}${account}|${url}|${name}`, account, url, name, value, version, at: Date.now() });

const everyCopy = () => quietly(async () => done((await store("readonly")).getAll()), []);
const isOfJury = (copy) => (copy.url ?? "").startsWith("/jury/");

// The answers of a juror that the server has not confirmed, whatever the file.
export const juryCopies = async (account) => (await everyCopy()).filter((copy) => !copy.id.startsWith(CONFIRMED) && copy.account === account && isOfJury(copy) && recent(copy));

// What jurors other than `account` left in this browser goes; so does, for `account`, what `isGone` says of an address.
export async function forgetJuryCopies(account, isGone = () => false) {
  for (const copy of await everyCopy()) {
    if (isOfJury(copy) && (copy.account !== account || isGone(copy.url ?? ""))) await remove(copy.id);
  }
}

export const forgetEveryCopy = () => quietly(async () => done((await store("readwrite")).clear()));

// Signing out takes what waits with it, once the person has been told.
export function startSignOut() {
  for (const form of document.querySelectorAll('form[action$="/compte/deconnexion"]')) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.cleared) return;
      event.preventDefault();
      await forgetEveryCopy();
      await forgetWorker();
      form.dataset.cleared = "1";
      form.requestSubmit(event.submitter ?? undefined);
    });
  }
}
