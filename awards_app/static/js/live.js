/* A page that follows the chair: it asks a few bytes every four seconds and draws itself again when it is behind. */
const PAUSE = 4000;
const SLOWEST = 60000;

export function startLive(block) {
  let wait = PAUSE;
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(block.dataset.live, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (!answer.ok) { wait = SLOWEST; }
        else {
          wait = PAUSE;
          const { token } = await answer.json();
          if (token !== block.dataset.liveToken) { if (!(await redraw(block))) wait = SLOWEST; }
        }
      } catch { wait = Math.min(wait * 2, SLOWEST); }
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
}

async function redraw(block) {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return false;
  block.replaceChildren(...fresh.childNodes);
  block.dataset.liveToken = fresh.dataset.liveToken;
  return true;
}
