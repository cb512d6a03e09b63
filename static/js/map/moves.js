/* One step of a card, a stage or a lane: by Alt+arrows, from a menu, or while it is lifted. */
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { say, speak } from "./words.js";

const { CARD, CELL, STAGE } = grid;
const BACK = ["up", "left"];

/* Where one step leads, as the server is told; null at the edge. */
export function placeAfter(part, direction) {
  if (!part.matches(CARD)) return besideStep(part, direction);
  return ["up", "down"].includes(direction) ? upDown(part, direction) : sideways(part, direction);
}

function besideStep(part, direction) {
  const across = part.matches(STAGE) ? ["left", "right"] : ["up", "down"];
  if (!across.includes(direction)) return null;
  const all = grid.siblings(part);
  const back = BACK.includes(direction);
  const within = between(all, all.indexOf(part), back);
  return within || !part.dataset.parent ? within : intoNext(part, back);
}

/* Past the end of its stage a step goes on into the next one that has steps. */
function intoNext(step, back) {
  const divided = [...grid.board().querySelectorAll(`${STAGE}[aria-colspan]`)];
  const at = divided.indexOf(grid.byId("stage", step.dataset.parent));
  const next = divided[at + (back ? -1 : 1)];
  if (!next) return null;
  const steps = grid.stages().filter(({ dataset }) => dataset.parent === next.dataset.id);
  return { parent: next.dataset.id, after: back ? steps.at(-1).dataset.id : "first" };
}

function between(all, at, back) {
  if (back) return at > 0 ? { after: all[at - 2]?.dataset.id ?? "first" } : null;
  return at < all.length - 1 ? { after: all[at + 1].dataset.id } : null;
}

/* Past the end of its cell a card goes on to the same cell of the next lane of its content. */
function upDown(card, direction) {
  const cell = card.closest(CELL);
  const cards = grid.cardsOf(cell);
  const back = direction === "up";
  const within = between(cards, cards.indexOf(card), back);
  if (within) return { ...grid.cellPlace(cell), ...within };
  const row = grid.rowOf(cell);
  const rows = grid.lanes().map(grid.rowOf);
  const step = back ? -1 : 1;
  for (let y = rows.indexOf(row) + step; rows[y]; y += step) {
    if (rows[y].dataset.content === row.dataset.content && grid.isShown(rows[y])) {
      return endOf(grid.cellsOf(rows[y])[grid.cellsOf(row).indexOf(cell)], back ? "last" : "first");
    }
  }
  return null;
}

function sideways(card, direction) {
  const cell = card.closest(CELL);
  const cells = grid.cellsOf(grid.rowOf(cell));
  const next = cells[cells.indexOf(cell) + (direction === "left" ? -1 : 1)];
  return next ? endOf(next, "last") : null;
}

function endOf(cell, end) {
  const last = grid.cardsOf(cell).at(-1)?.dataset.id;
  return { ...grid.cellPlace(cell), after: end === "last" && last ? last : "first" };
}

export function step(part, direction) {
  const place = placeAfter(part, direction);
  if (!place) return;
  edits.move(part, place);
  grid.focus(document.getElementById(part.id));
  if (part.matches(CARD)) speak(whereIs(part));
}

/* "Now in: Choice, Barriers" and which card of how many. */
export function whereIs(part) {
  if (!part.matches(CARD)) {
    const all = grid.siblings(part);
    return say("place", { n: all.indexOf(part) + 1, total: all.length });
  }
  const cell = part.closest(CELL);
  const cards = grid.cardsOf(cell);
  const names = {
    stage: grid.byId("stage", cell.dataset.stage).dataset.name,
    lane: grid.byId("lane", cell.dataset.lane).dataset.name,
  };
  const place = say("place", { n: cards.indexOf(part) + 1, total: cards.length });
  return `${say("moved", names)}, ${place}`;
}
