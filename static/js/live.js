/* The one gate through which the server's HTML reaches the page.

   A post's answer and the stream's frames carry the number of their change. Each number is applied
   once and in order: what comes twice is dropped, what comes too early waits for what lies between.
   A frame may hold the word `board` instead of pieces: then the board is fetched as a whole.

   Tells the document: "live:drawn" after the page changed, "live:state", "live:hello",
   "live:people". */
import { digestOf } from "./digest.js";
import { listen } from "./stream.js";

const { htmx } = window;
const map = document.getElementById("map");
const BOARD = /<hx-partial hx-target="#board-word"[^>]*>board<\/hx-partial>/;
const PATIENCE = 1_000; // for a missing number, before it is asked for
const SPREAD = 1_000; // so that many screens don't fetch the board in one moment
const REPAIR = 60_000;

let last = Number(map.dataset.seq);
let epoch = map.dataset.epoch;
const waiting = new Map(); // number → HTML
let fetching = false;
let planned = null;
let asking = null;
let repairedAt = 0;

// What this screen alone knows of an element survives a morph.
htmx.config.morphIgnore.push("data-ui-", "tabindex", "aria-expanded", "aria-description", "open");

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/* `mine`: the answer to this screen's own post, whose author waits for it. */
export function apply(seq, html, { mine = false } = {}) {
  if (seq <= last) return;
  if (BOARD.test(html)) {
    const rest = html.replace(BOARD, "");
    if (rest) draw(rest);
    html = BOARD;
  }
  waiting.set(seq, html);
  drain(mine ? 0 : Math.random() * SPREAD);
}

export function refresh(delay = 0) {
  if (fetching) return;
  const at = Date.now() + delay;
  if (planned && planned.at <= at) return;
  clearTimeout(planned?.timer);
  planned = { at, timer: setTimeout(fetchBoard, delay) };
}

const isQuiet = () => !waiting.size && !fetching && !planned;

export const get = (path) =>
  fetch(path, { headers: { "HX-Request": "true" }, cache: "no-store", redirect: "manual" });

function drain(delay = 0) {
  if (fetching) return;
  let drawn = false;
  for (const seq of waiting.keys()) if (seq <= last) waiting.delete(seq);
  while (waiting.has(last + 1) && waiting.get(last + 1) !== BOARD) {
    const html = waiting.get(++last);
    waiting.delete(last);
    drawn = draw(html) || drawn;
  }
  if (drawn) tell("live:drawn", { seq: last });
  clearTimeout(asking);
  if ([...waiting.values()].includes(BOARD)) refresh(delay);
  else if (waiting.size) asking = setTimeout(ask, PATIENCE);
}

function draw(html) {
  if (!html) return false;
  swap({ text: html, swap: "none" });
  return true;
}

/* outerMorph happens at once; only the promise comes later. A swap that fails is repaired whole. */
function swap(how) {
  htmx.swap({ sourceElement: map, ...how }).catch((error) => {
    console.error(error);
    refresh(SPREAD);
  });
}

async function ask() {
  try {
    const { frames, board } = await (await get(`since/?since=${last}`)).json();
    if (board) return refresh();
    const found = new Map();
    for (const [seq, html] of frames) found.set(seq, (found.get(seq) ?? "") + html);
    for (const [seq, html] of found) waiting.set(seq, BOARD.test(html) ? BOARD : html);
    drain();
    if (waiting.size) refresh();
  } catch {
    asking = setTimeout(ask, PATIENCE);
  }
}

async function fetchBoard() {
  planned = null;
  fetching = true;
  let failed = false;
  try {
    const answer = await get("board/");
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    swap({ text: html, target: "#board", swap: "outerMorph" });
    last = Number(answer.headers.get("X-Seq"));
    epoch = answer.headers.get("X-Epoch");
    tell("live:drawn", { seq: last, board: true });
  } catch {
    failed = true;
  }
  fetching = false;
  if (failed) refresh(SPREAD + Math.random() * 2 * SPREAD);
  else drain();
}

/* Another past: a backup was restored, and our numbers mean nothing there. */
function startOver(newEpoch) {
  epoch = newEpoch;
  waiting.clear();
  refresh();
}

function compare({ seq, digest }) {
  if (!digest || seq !== last || !isQuiet() || map.hasAttribute("data-ui-pending")) return;
  if (digest === digestOf(document.getElementById("board"))) return;
  if (Date.now() - repairedAt < REPAIR) return;
  repairedAt = Date.now();
  console.warn(`The board differs from the server's at ${seq}: it is fetched anew.`);
  refresh();
}

const EVENTS = {
  hello(hello) {
    if (hello.epoch !== epoch) startOver(hello.epoch);
    tell("live:hello", hello);
  },
  hb: compare,
  presence: (people) => tell("live:people", people),
};

export function start() {
  const { stream } = document.getElementById("live").dataset;
  listen(
    () => `${stream}?since=${last}&epoch=${epoch}`,
    (event, data, seq) => {
      if (event === "message") apply(seq, data);
      else EVENTS[event]?.(JSON.parse(data));
    },
    (state) => tell("live:state", state),
  );
}
