/* What was typed here and never confirmed is offered back: to compare, to restore, or to give up. */
import { take, valueOf, versionOf, wordsOf } from "./fields.js";

const RESUMED = "awards:resume";

// « Se connecter ici » comes back to the field that was in hand, and saves what waits.
export function startSigningInAgain() {
  for (const link of document.querySelectorAll("[data-sign-in-here]")) {
    link.addEventListener("click", () => {
      askToResume();
      link.href = `${link.dataset.signInHere}?suite=${encodeURIComponent(`${location.pathname}${lastField ? `#${lastField}` : ""}`)}`;
    });
  }
}

let lastField = "";
document.addEventListener("focusin", (event) => { if (event.target.matches("input, textarea, select") && event.target.id) lastField = event.target.id; });

const askToResume = () => { try { sessionStorage.setItem(RESUMED, "1"); } catch { /* the copies are offered instead */ } };

function resumes() {
  try {
    const asked = sessionStorage.getItem(RESUMED) === "1";
    sessionStorage.removeItem(RESUMED);
    return asked;
  } catch { return false; }
}

export async function offerCopies({ form, copies, fieldOf, changed }) {
  const resumed = resumes();
  const offered = [];
  for (const copy of await copies.all()) {
    const field = fieldOf(copy.name);
    if (!field) continue;
    if (valueOf(form, field) === copy.value) copies.forget(copy.name);
    // Whoever signed in again to save goes on where they were, if nobody else wrote there meanwhile.
    else if (resumed && String(copy.version) === versionOf(field)) restore(copy);
    else offered.push(copy);
  }
  if (offered.length) show(offered);

  function restore(copy) {
    const field = fieldOf(copy.name);
    take(form, field, copy.value);
    changed(field);
  }

  function show(list) {
    const pattern = document.querySelector("template[data-recovered]");
    if (!pattern) return;
    const panel = pattern.content.cloneNode(true).firstElementChild;
    const line = panel.querySelector("[data-recovered-line]");
    const settle = (item, act) => () => {
      act();
      item.remove();
      const next = panel.querySelector("button");
      if (next) next.focus();
      else { panel.remove(); document.getElementById("contenu").focus(); }
    };
    for (const copy of list) {
      const item = line.cloneNode(true);
      item.querySelector("[data-label]").textContent = copy.label || copy.name;
      const field = fieldOf(copy.name);
      item.querySelector("[data-mine]").textContent = wordsOf(form, field, copy.value);
      item.querySelector("[data-theirs]").textContent = wordsOf(form, field, valueOf(form, field));
      item.querySelector("[data-restore]").addEventListener("click", settle(item, () => restore(copy)));
      item.querySelector("[data-discard]").addEventListener("click", settle(item, () => copies.forget(copy.name)));
      line.before(item);
    }
    line.remove();
    form.before(panel);
    panel.focus();
  }
}

// The task list says where something waits, section by section.
export async function startWaitingCopies(copiesOf) {
  const place = document.querySelector("[data-waiting-copies]");
  if (!place) return;
  const found = await copiesOf(place.dataset.account, place.dataset.url).all();
  if (!found.length) return;
  const list = place.querySelector("ul");
  const pages = new Map(found.map((copy) => [copy.page, copy]));
  for (const [page, copy] of pages) {
    const link = Object.assign(document.createElement("a"), { href: `${page}#${copy.field || ""}`, textContent: copy.label || copy.name });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  place.hidden = false;
}
