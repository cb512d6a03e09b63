/* The only sender of edits.

   Edits wait in one queue per person and map, in the order they were made, and leave it one at a
   time when the server has answered. The queue is kept by the browser (kept.js): it survives a dead
   network, a reload and a closed tab. One tab sends for all (a lease, because locks need a secure
   context); two that send by mischance do no harm, because each edit carries a key that counts once.

   Tells the document "queue:changed" whenever something joined, left or waits differently,
   "queue:answered" { edit, ok } and "queue:refused" { edit, reason }. */
import { uuid7 } from "./ids.js";
import * as kept from "./kept.js";
import { sentence } from "./sentence.js";
import { token } from "./signal.js";

const LEASE = 6_000;
const TIMEOUT = 20_000;
const MOST_WAIT = 10_000;
const MOST_KEPT_ALIVE = 60_000; // bytes a browser promises to deliver from a page that closes
const TRIES = 3; // of an edit that the server breaks at

/* Through which the answers reach the page: `apply(seq, html, { mine })` and `refresh()`. */
let gate = { apply() {}, refresh() {} };
const tab = uuid7();
const callbacks = new Map(); // key → { onDone, onRefused }
let state = "saved"; // "saving", "waiting" (to be asked again), "offline", "signed-out"
let pumping = false;
let timer;
let failures = 0;

export const waiting = kept.edits;
export const refused = () => kept.list("refused");
export const current = () => state;

export function dismiss(key) {
  kept.keepList("refused", refused().filter((edit) => edit.key !== key));
  tell();
}

/* --- joining --------------------------------------------------------------------------------- */

/* `path` below the map's address; `fields` an object, a list is posted as a repeated field;
   `label` names the edit in words; `words` are kept for the person if the server refuses them;
   `card` is the hex id it is about. `onRefused(reason, status)` returns true if it has told. */
export function send({ path, fields = {}, label = "", words = "", card = "", visit, ...calls }) {
  let edit = { key: uuid7(), path, fields, label, words, card, visit: visit ?? uuid7(), at: kept.moment() };
  const before = waiting().at(-1);
  if (before && !before.tried && absorbs(before, edit) && lead()) {
    const { base } = before.fields;
    Object.assign(before.fields, fields, base === undefined ? {} : { base });
    edit = { ...before, words };
  }
  callbacks.set(edit.key, calls);
  kept.keepEdit(edit);
  if (state === "saved") state = "saving";
  tell();
  if (!timer || failures === 0) pump();
  return edit.key;
}

/* More typing in the same sitting, while the last save of it has not left yet. */
function absorbs(before, edit) {
  return (
    before.path === edit.path && before.visit === edit.visit && /^cards\/[^/]+\/$/.test(edit.path)
  );
}

/* --- leaving --------------------------------------------------------------------------------- */

export function lead() {
  const lease = kept.list("lease");
  if (lease.tab && lease.tab !== tab && lease.until > Date.now()) return false;
  kept.keepList("lease", { tab, until: Date.now() + LEASE });
  return true;
}

async function pump() {
  if (pumping || state === "signed-out") return;
  clearTimeout(timer);
  timer = null;
  pumping = true;
  const beat = setInterval(lead, LEASE / 3);
  let wait = 0;
  for (let edit; (edit = waiting()[0]) && !wait; ) wait = lead() ? await deliver(edit) : LEASE / 3;
  clearInterval(beat);
  pumping = false;
  if (!wait) settle("saved");
  else if (wait !== Infinity) timer = setTimeout(pump, wait);
}

/* Returns how long to wait before the next attempt; 0 when the edit has left the queue. */
async function deliver(edit) {
  kept.keepEdit({ ...edit, tried: true });
  if (state !== "offline" && state !== "waiting") settle("saving");
  let answer;
  let text;
  try {
    answer = await post(edit);
    text = await answer.text();
  } catch {
    settle("offline");
    return backOff();
  }
  const { status } = answer;
  if (status === 401 || answer.type === "opaqueredirect") {
    settle("signed-out");
    return Infinity;
  }
  if ([429, 502, 503, 504].includes(status)) {
    settle("waiting");
    return Number(answer.headers.get("Retry-After")) * 1000 || backOff();
  }
  if (status >= 500 && (edit.attempts ?? 0) + 1 < TRIES) {
    kept.keepEdit({ ...edit, tried: true, attempts: (edit.attempts ?? 0) + 1 });
    return backOff();
  }
  failures = 0;
  leave(edit, answer, text);
  return 0;
}

function post({ path, fields, key, visit }) {
  const body = new URLSearchParams({ key, visit });
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  return fetch(path, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    redirect: "manual",
    keepalive: body.toString().length < MOST_KEPT_ALIVE,
    signal: AbortSignal.timeout(TIMEOUT),
  });
}

function leave(edit, answer, text) {
  kept.forgetEdit(edit);
  const { onDone, onRefused } = callbacks.get(edit.key) ?? {};
  callbacks.delete(edit.key);
  if (answer.ok) {
    // Without HTML nothing was changed, and the number may be one whose frame is still on its way.
    if (text) gate.apply(Number(answer.headers.get("X-Seq")), text, { mine: true });
    onDone?.(answer);
  } else {
    const reason = sentence(text);
    if (!onRefused?.(reason, answer.status)) refuse(edit, reason);
    gate.refresh(); // what was shown before the answer is not so
  }
  document.dispatchEvent(new CustomEvent("queue:answered", { detail: { edit, ok: answer.ok } }));
  tell();
}

function refuse(edit, reason) {
  if (edit.words) kept.keepList("refused", [...refused(), { ...edit, reason }]);
  document.dispatchEvent(new CustomEvent("queue:refused", { detail: { edit, reason } }));
}

/* --- small things ---------------------------------------------------------------------------- */

function backOff() {
  return Math.min(MOST_WAIT, 500 * 2 ** failures++) * (0.5 + Math.random() / 2);
}

function settle(next) {
  if (state === next) return;
  state = next;
  tell();
}

function tell() {
  document.dispatchEvent(new CustomEvent("queue:changed"));
}

function hurry() {
  failures = 0;
  if (waiting().length) pump();
}

addEventListener("online", hurry);
kept.watch((what) => {
  if (what === "lease") return;
  if (what === "edit" && ["saved", "saving"].includes(state)) {
    settle(waiting().length ? "saving" : "saved");
  }
  tell();
  if (what === "edit") hurry();
});
document.addEventListener("live:state", ({ detail }) => {
  if (detail === "open") hurry();
  if (detail === 401) settle("signed-out");
});
addEventListener("pagehide", () => {
  if (kept.list("lease").tab === tab) kept.keepList("lease", {});
});
addEventListener("beforeunload", (event) => {
  if (kept.isFull()) event.preventDefault();
});

export function start(through) {
  gate = through;
  hurry();
}

/* Asked for by the person: also after signing in again in another tab. */
export function retry() {
  if (state === "signed-out") state = "waiting";
  hurry();
}

/* Words that nothing else keeps any more: they wait in the list until copied or dismissed. */
export function keepWords({ label, words, reason }) {
  kept.keepList("refused", [...refused(), { key: uuid7(), label, words, reason }]);
  tell();
}
