/* Several cards chosen at once: Shift+click takes all from the last one to this one, Ctrl+click (or a
   long press of a finger, then taps) one more or one less, a rectangle drawn from an empty place all
   within it (marquee.js), Shift+arrows, Ctrl+Space or X, Ctrl+A the same by keys; Esc none.

   Chosen cards carry data-ui-selected-many. What is hidden or dimmed is never chosen. Tells the document
   "selection:changed". */
import * as grid from "./grid.js";
import { count, say, speak } from "./words.js";
import { current, neighbour } from "./walk.js";

const { CARD, CELL } = grid;
const MARK = "data-ui-selected-many";
const LONG = 500; // ms of a finger on a card
const STILL = 10; // px that a finger may tremble

let chosen = new Set(); // element ids; some may be on their way still
let anchor = null; // the id from which Shift reaches

/* The chosen cards that are there, in the order of the map. */
export const selected = () => [...grid.board().querySelectorAll(`[${MARK}]`)].filter(isFree);

export const isSelected = (card) => card.hasAttribute(MARK);

/* What a selection may take. Told by attributes: to ask thousands for their boxes would lay out all the
   rows that sleep off-screen. */
const NOT_FREE = ["hidden", "folded", "dimmed", "gone"].map((is) => `[data-ui-${is}]`).join();
export const isFree = (card) => !card.closest(NOT_FREE);

export function choose(ids, { quietly = false, from = null } = {}) {
  chosen = new Set(ids);
  if (from || !chosen.has(anchor)) anchor = from ?? [...chosen].at(-1) ?? null;
  show();
  if (!quietly) tell();
}

export const clear = () => choose([]);

function show() {
  for (const card of grid.board().querySelectorAll(`[${MARK}]`)) {
    if (!chosen.has(card.id)) mark(card, false);
  }
  for (const id of chosen) {
    const card = document.getElementById(id);
    if (card && !isSelected(card)) mark(card, true);
  }
  document.dispatchEvent(new CustomEvent("selection:changed"));
}

function mark(card, is) {
  card.toggleAttribute(MARK, is);
  // An article has no state of being selected; its description is read with it.
  if (is) card.setAttribute("aria-description", say("selected"));
  else card.removeAttribute("aria-description");
}

function tell() {
  const all = selected();
  speak(all.length ? say("chosen", { cards: count("cards", all.length) }) : say("none-chosen"));
}

function toggle(card) {
  if (!isFree(card)) return;
  const ids = new Set(chosen);
  if (!ids.delete(card.id)) ids.add(card.id);
  choose(ids, { from: card.id });
}

/* From the anchor to this card: in one lane all between them, else the rectangle of their cells. */
function reach(card, { more = false } = {}) {
  const start = (anchor && document.getElementById(anchor)) ?? card;
  const ids = between(start, card).filter(isFree).map(({ id }) => id);
  choose(more ? [...chosen, ...ids] : ids, { from: start.id });
}

function between(one, other) {
  const [a, b] = [one, other].map((card) => card.closest(CELL));
  if (grid.rowOf(a) === grid.rowOf(b)) {
    const all = grid.cellsOf(grid.rowOf(a)).flatMap(grid.cardsOf);
    const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((x, y) => x - y);
    return all.slice(from, to + 1);
  }
  const rows = grid.lanes().map(grid.rowOf);
  const [top, bottom] = [rows.indexOf(grid.rowOf(a)), rows.indexOf(grid.rowOf(b))].sort((x, y) => x - y);
  const columns = [a, b].map((cell) => grid.cellsOf(grid.rowOf(cell)).indexOf(cell));
  const [left, right] = columns.sort((x, y) => x - y);
  return rows
    .slice(top, bottom + 1)
    .flatMap((row) => grid.cellsOf(row).slice(left, right + 1))
    .flatMap(grid.cardsOf);
}

/* --- pointer --------------------------------------------------------------------------------- */

const isCommand = (event) => event.ctrlKey || event.metaKey;
const cardAt = (target) => grid.board().contains(target) && target.closest(CARD);

let press = null; // of a finger: { card, x, y, timer, isLong }
let byTouch = false;

/* With Shift or Ctrl no text is marked. */
grid.map.addEventListener("mousedown", (event) => {
  if (cardAt(event.target) && (event.shiftKey || isCommand(event))) event.preventDefault();
});

grid.map.addEventListener("pointerdown", ({ target, clientX: x, clientY: y, pointerType }) => {
  byTouch = pointerType === "touch";
  press = null;
  const card = byTouch && cardAt(target);
  if (!card || target.closest("[data-face], button")) return;
  press = { card, x, y, isLong: false, timer: setTimeout(hold, LONG) };
});

function hold() {
  press.isLong = true;
  toggle(press.card);
  navigator.vibrate?.(10);
}

const letGo = () => clearTimeout(press?.timer);
grid.map.addEventListener("pointermove", ({ clientX, clientY }) => {
  if (press && Math.hypot(clientX - press.x, clientY - press.y) > STILL) letGo();
});
grid.map.addEventListener("pointerup", letGo);
grid.map.addEventListener("pointercancel", letGo);
/* The menu of a card is for the right button (menus.js). */
grid.map.addEventListener("contextmenu", (event) => {
  if (!byTouch || !cardAt(event.target)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

/* Before anything else hears of the click. */
grid.map.addEventListener("click", (event) => {
  const { target } = event;
  const card = cardAt(target);
  if (!taken(event, card)) return;
  event.preventDefault();
  event.stopPropagation();
  if (card) grid.focus(card, { preventScroll: true });
}, true);

function taken(event, card) {
  const { target, shiftKey } = event;
  if (card && press?.isLong) {
    press = null;
    return true;
  }
  if (target.closest("button, a, input, textarea, [data-face]")) return false;
  if (card && shiftKey) reach(card, { more: isCommand(event) });
  else if (card && (isCommand(event) || (byTouch && chosen.size))) toggle(card);
  else if (chosen.size && grid.board().contains(target)) {
    clear();
    return !card && Boolean(target.closest(CELL)); // a free place: the next click types
  } else return false;
  return true;
}

/* --- keys ------------------------------------------------------------------------------------ */

function extend(at, key) {
  let next = neighbour(at, key);
  while (next && !next.matches(CARD)) next = next.matches(CELL) ? neighbour(next, key) : null;
  if (!next) return;
  if (!chosen.has(anchor) || !isSelected(at)) anchor = at.id;
  reach(next);
  grid.focus(next);
}

/* The lane, then the map. */
function chooseAll(at) {
  const lane = at ? [...grid.rowOf(at).querySelectorAll(CARD)].filter(isFree) : [];
  const isDone = !lane.length || lane.every(isSelected);
  const all = isDone ? [...grid.board().querySelectorAll(CARD)].filter(isFree) : lane;
  choose(all.map(({ id }) => id), { from: anchor });
}

function act(event, at) {
  const { key, code, shiftKey, altKey } = event;
  const card = at?.matches(CARD) ? at : null;
  if (altKey) return false;
  if (isCommand(event)) {
    if (card && code === "Space") toggle(card);
    else if (code === "KeyA" && !shiftKey) chooseAll(at);
    else return false;
  } else if (key === "Escape" && chosen.size) clear();
  else if (card && shiftKey && key.startsWith("Arrow")) {
    // There Shift and up or down are the feeling itself.
    if (card.dataset.content === "emotion" && ["ArrowUp", "ArrowDown"].includes(key)) return false;
    extend(card, key);
  } else if (card && !shiftKey && code === "KeyX") toggle(card);
  else return false;
  return true;
}

/* Whether a key is meant for the board, and not for a field, a dialog or a card in the hand. */
export function isForBoard(event) {
  const { target } = event;
  return !(
    event.defaultPrevented ||
    event.isComposing ||
    grid.isTyping(target) ||
    document.querySelector("dialog[open], [popover]:popover-open, [data-ui-lifted]") ||
    grid.map.matches("[data-ui-dragging], [data-ui-drawing]")
  );
}

document.addEventListener("keydown", (event) => {
  if (!isForBoard(event)) return;
  const { target } = event;
  const outside = target !== document.body && !grid.map.contains(target);
  const at = grid.board().contains(target) && !target.closest("button, a") ? current() : null;
  if (outside || !act(event, at)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("live:drawn", show);
document.addEventListener("queue:changed", show);
