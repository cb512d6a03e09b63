/* Walking over the board: arrows by cell, then card; one tab stop for the whole grid. Cells that
   hold cards are walked through by their cards, empty ones stand for themselves. */
import { show as showDetails } from "./details.js";
import * as grid from "./grid.js";

const { CARD, CELL, LANE, STAGE } = grid;

export const current = () => document.activeElement?.closest?.(`${CARD}, ${CELL}, ${STAGE}, ${LANE}`);

const shownRows = () =>
  [...grid.board().querySelectorAll("[role='row']")].filter((row) => grid.isShown(row));
const shownIn = (row) =>
  [...row.children].filter((part) => part.matches(`${CELL}, ${STAGE}, ${LANE}`) && grid.isShown(part));

/* Where the focus goes in a cell: its first card, its last, or the cell itself. */
function into(cell, end = 0) {
  if (!cell?.matches(CELL)) return cell;
  return grid.cardsOf(cell).filter(grid.isShown).at(end) ?? cell;
}

function sideways(at, step) {
  const part = at.closest(`${CELL}, ${STAGE}, ${LANE}`);
  const row = shownIn(grid.rowOf(part));
  return into(row[row.indexOf(part) + step]);
}

function upDown(at, step) {
  const part = at.closest(`${CELL}, ${STAGE}, ${LANE}`);
  if (at.matches(CARD)) {
    const cards = grid.cardsOf(part).filter(grid.isShown);
    const next = cards[cards.indexOf(at) + step];
    if (next) return next;
  }
  const rows = shownRows();
  const column = Number(part.getAttribute("aria-colindex"));
  for (let y = rows.indexOf(grid.rowOf(part)) + step; rows[y]; y += step) {
    const next = shownIn(rows[y]).find((other) => grid.covers(other, column));
    if (next) return into(next, step < 0 ? -1 : 0);
  }
  return null;
}

function rowEnd(at, end) {
  const cells = shownIn(grid.rowOf(at)).filter((part) => !part.matches(LANE));
  return into(cells.at(end));
}

const STEPS = {
  ArrowLeft: (at) => sideways(at, -1),
  ArrowRight: (at) => sideways(at, 1),
  ArrowUp: (at) => upDown(at, -1),
  ArrowDown: (at) => upDown(at, 1),
  Home: (at) => rowEnd(at, 0),
  End: (at) => rowEnd(at, -1),
};

/* What an arrow, Home or End leads to from here. */
export const neighbour = (at, key) => STEPS[key]?.(at) ?? null;

grid.map.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (event.defaultPrevented || !bare || grid.isTyping(target)) return;
  const at = target.closest("button, a") ? null : current();
  if (!at || !grid.board().contains(at)) return;
  if (STEPS[key]) {
    event.preventDefault();
    const next = STEPS[key](at);
    if (next) grid.focus(next);
  } else if (key === " " && at.matches(CARD)) {
    event.preventDefault();
    showDetails(at);
  }
});

/* Something of the grid can always be reached with Tab, also after its element has gone. */
function keepOneStop() {
  const board = grid.board();
  if (!board.querySelector("[tabindex='0']")) {
    const first = board.querySelector(CARD) ?? board.querySelector(CELL);
    if (first) first.tabIndex = 0;
  }
}

grid.map.addEventListener("focusin", ({ target }) => {
  if (!grid.board().contains(target) || !target.matches(`${CARD}, ${CELL}, ${STAGE}, ${LANE}`)) return;
  for (const old of grid.board().querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
  target.tabIndex = 0;
});
document.addEventListener("live:drawn", keepOneStop);
keepOneStop();
