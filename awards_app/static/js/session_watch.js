/* The session of a page left open: warned before it ends, extended by one key, found again after signing in elsewhere. */
const WARNED_S = 300;
const ASKED_AGAIN_S = 600;
const channel = new BroadcastChannel("awards:session");

export async function readSession() {
  try {
    const response = await fetch("/compte/session", { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch { return null; }
}

export function startSessionWatch({ account, onOver, isWriting }) {
  const dialog = document.querySelector("[data-session-warning]");
  let timer = 0;
  let wrote = false;
  let turn = 0;
  document.addEventListener("input", () => { wrote = true; });

  const after = (seconds) => { clearTimeout(timer); timer = setTimeout(look, Math.max(seconds, 1) * 1000); };

  async function look() {
    const mine = ++turn;
    const session = await readSession();
    // An answer from before a later question is no news.
    if (mine !== turn) return;
    if (!session) return after(60);
    if (session.account !== account) { dialog?.close(); onOver(); return; }
    if (session.seconds > WARNED_S) {
      dialog?.close();
      after(Math.min(session.seconds - WARNED_S + 1, ASKED_AGAIN_S));
    } else if (wrote || isWriting()) {
      // Somebody who writes is not idle.
      wrote = false;
      await extend();
    } else {
      warn(session.seconds);
      after(Math.min(session.seconds + 1, 30));
    }
  }

  async function extend() {
    const token = document.querySelector("[name=csrf_token]")?.value ?? "";
    const response = await fetch("/compte/session/prolonger", { method: "POST", body: new URLSearchParams({ csrf_token: token }), headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok) dialog?.close();
    look();
  }

  function warn(seconds) {
    if (!dialog) return;
    dialog.querySelector("[data-session-left]").textContent = dialog.dataset.left.replace("{n}", Math.max(1, Math.floor(seconds / 60)));
    if (!dialog.open) dialog.showModal();
  }

  dialog?.querySelector("[data-session-extend]").addEventListener("click", extend);
  after(2);

  // Signed in again in another tab: what waits here goes on by itself.
  channel.addEventListener("message", comeBack);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") comeBack(); });
  async function comeBack() {
    const session = await readSession();
    if (session?.account !== account) return;
    for (const one of document.querySelectorAll("[name=csrf_token]")) one.value = session.csrf_token;
    window.dispatchEvent(new Event("awards:signed-in"));
    look();
  }
}

// Each page that a signed-in person opens tells the others.
export const tellOthers = () => channel.postMessage("here");
