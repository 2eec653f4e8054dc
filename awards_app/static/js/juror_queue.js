/* Answers given on files that are not on the screen: sent once the network is back, in the order they were given. */
import { forgetCopy, keepCopy, confirmCopy, juryCopies } from "./local_copies.js";
import { answerOf, newKey, post } from "./outbox.js";
import { readSession } from "./session_watch.js";

export const FRESH_MS = 5000;

/* Sends what waits for `account`, but for the sheet at `ownUrl` which sends its own. Returns {problems, left, signedOut, isFresh}. */
export async function sendQueue(account, ownUrl, { withFresh = false } = {}) {
  if (!navigator.locks) return sendAll(account, ownUrl, withFresh);
  return navigator.locks.request("awards:jury-queue", () => sendAll(account, ownUrl, withFresh));
}

async function sendAll(account, ownUrl, withFresh) {
  const found = { problems: [], left: 0, signedOut: false, isFresh: false };
  const waiting = (await juryCopies(account)).filter((copy) => copy.url !== ownUrl).sort((one, other) => one.at - other.at);
  if (!waiting.length) return found;
  const left = () => waiting.filter((copy) => !copy.sent && !copy.problem).length;
  const session = navigator.onLine ? await readSession() : null;
  if (session && session.account !== account) found.signedOut = true;
  const versions = new Map();
  for (const copy of waiting) {
    if (copy.problem) { found.problems.push(copy); continue; }
    if (!session || found.signedOut) continue;
    // Another page may be sending what has just been typed there.
    if (!withFresh && Date.now() - copy.at < FRESH_MS) { found.isFresh = true; continue; }
    const outcome = await send(copy, session.csrf_token, versions);
    if (outcome === "stop") break;
    if (outcome === "sent") copy.sent = true;
    else found.problems.push(copy);
  }
  found.left = left();
  return found;
}

async function send(copy, token, versions) {
  const group = `${copy.url}|${copy.name.replace(/-reason$/, "")}`;
  const seen = versions.get(group);
  // A level and its reason are one mark: the second follows the version that the first has just made.
  const version = seen && seen.before === String(copy.version) ? seen.after : copy.version ?? "";
  const values = copy.name ? { field: copy.name, value: copy.value, version } : {};
  let response;
  let answer;
  try {
    response = await post(copy.url, { ...values, cle: newKey(), csrf_token: token });
    answer = copy.name ? await answerOf(response) : {};
  } catch { return "stop"; }
  if (response.ok) {
    versions.set(group, { before: String(copy.version), after: answer.version });
    await forgetCopy(copy);
    if (copy.name) await confirmCopy(copy, answer.version);
    return "sent";
  }
  if (![403, 404, 409, 410, 413, 422].includes(response.status)) return "stop";
  copy.problem = { message: answer.message || "", isConflict: response.status === 409 && answer.version !== undefined };
  // What is no longer theirs is told once and not kept; the rest stays until the person has chosen.
  if (response.status === 404) await forgetCopy(copy);
  else await keepCopy(copy);
  return "refused";
}
