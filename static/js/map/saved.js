/* "Saved", "Saving", "3 changes are waiting": the pill in the header, and the list behind it of what
   waits and of what could not be saved. */
import { isFull } from "../kept.js";
import * as queue from "../queue.js";
import * as uploads from "./uploads.js";
import { count, say } from "./words.js";

const pill = document.getElementById("saved");
const list = document.getElementById("waiting-list");
const PATIENCE = 4_000; // a stream that comes back at once is no news
let deaf = false; // the stream is cut: others' changes don't arrive
let worrying;

const { dismiss, refused } = queue;
const waiting = () => [...queue.waiting(), ...uploads.waiting()];

/* Images are sent beside the queue: while one is, not everything is saved. */
function current() {
  const state = queue.current();
  if (state !== "saved" || !uploads.waiting().length) return state;
  return uploads.isStuck() ? "offline" : "saving";
}

function retry() {
  queue.retry();
  uploads.retry();
}

function sentence(state, waits) {
  if (state === "saved" || state === "saving" || state === "signed-out") return say(state);
  if (!waits) return say("offline");
  const waiting = count("waiting", waits);
  return state === "offline" ? `${say("offline")} · ${waiting}` : waiting;
}

function show() {
  const lost = refused();
  const state = deaf && current() === "saved" ? "offline" : current();
  const text = lost.length ? say("refused") : sentence(state, waiting().length);
  pill.dataset.state = lost.length ? "refused" : state;
  const words = pill.querySelector("[data-saved-words]");
  if (words.textContent !== text) words.textContent = text;
  fill(lost);
}

const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

function waitingRow(edit) {
  const row = copyOf("waiting-edit");
  const at = new Date(edit.at);
  row.querySelector("time").textContent = at.toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
  });
  row.querySelector("span").textContent = edit.label;
  return row;
}

function refusedRow(edit) {
  const row = copyOf("refused-edit");
  row.querySelector("[data-label]").textContent = edit.label;
  row.querySelector("[data-words]").textContent = edit.words;
  row.querySelector("[data-reason]").textContent = edit.reason;
  row.querySelector("[data-act='copy-words']").dataset.copy = edit.words;
  row.querySelector("[data-act='forget-words']").dataset.key = edit.key;
  return row;
}

function fill(lost) {
  list.querySelector("[data-kept]").hidden = isFull();
  list.querySelector("[data-unkept]").hidden = !isFull();
  const sections = { waiting: waiting().map(waitingRow), refused: lost.map(refusedRow) };
  for (const [name, rows] of Object.entries(sections)) {
    const section = list.querySelector(`[data-${name}]`);
    section.hidden = !rows.length;
    section.querySelector("[data-edits]").replaceChildren(...rows);
  }
  if (!lost.length && !sections.waiting.length && list.matches(":popover-open")) list.hidePopover();
}

list.addEventListener("click", ({ target }) => {
  const forget = target.closest("[data-act='forget-words']");
  if (forget) dismiss(forget.dataset.key);
});
list.addEventListener("beforetoggle", (event) => {
  if (event.newState === "open" && !refused().length && !waiting().length) event.preventDefault();
  else if (event.newState === "open") retry();
});

document.addEventListener("queue:changed", show);
document.addEventListener("live:state", ({ detail }) => {
  clearTimeout(worrying);
  if (detail === "lost") worrying = setTimeout(worry, PATIENCE, true);
  else worry(false);
});

function worry(is) {
  deaf = is;
  show();
}

show();
