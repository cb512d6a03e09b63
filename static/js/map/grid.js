/* The board as a grid of cells and cards: where a thing stands, and what is beside it. */
import { hex } from "../ids.js";

export const map = document.getElementById("map");
export const canEdit = ["true", "True", "1"].includes(map.dataset.canEdit);
export const board = () => document.getElementById("board");

export const CARD = "[id^='card-']";
export const CELL = "[role='gridcell']";
export const STAGE = "[id^='stage-']";
export const LANE = "[id^='lane-']";
export const PART = `${CARD}, ${STAGE}, ${LANE}`;

export const byId = (kind, ...ids) => document.getElementById([kind, ...ids.map(hex)].join("-"));
export const cardsOf = (cell) => [...cell.querySelectorAll(CARD)];
const columnOf = (header) => Number(header.getAttribute("aria-colindex"));
/* From left to right, a stage before its steps; on the board the divided ones have a row of their own. */
export const stages = () =>
  [...board().querySelectorAll(STAGE)].sort((one, other) => columnOf(one) - columnOf(other));
/* The headers over one column: stages without steps, and steps. */
export const columns = () => stages().filter((stage) => !stage.hasAttribute("aria-colspan"));
export const lanes = () => [...board().querySelectorAll(LANE)];
export const isShown = (element) => element.checkVisibility();
export const rowOf = (element) => element.closest("[role='row']");
export const cellsOf = (row) => [...row.querySelectorAll(CELL)];

/* What kind of part it is: "card", "stage" or "lane". */
export const nounOf = (part) => part.id.split("-")[0];

export const isTyping = (element = document.activeElement) =>
  element?.matches?.("input, textarea, select, [contenteditable]") ?? false;

export const textOf = (card) =>
  card.dataset.text ?? card.querySelector(".card-words")?.textContent ?? "";

/* The words that name a part to a person: in the queue's list, in what is spoken. */
export function nameOf(part) {
  const name = part.dataset.name ?? textOf(part);
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

/* Those among which a stage, a step or a lane has its place, in order. */
export function siblings(part) {
  if (part.matches(LANE)) return lanes();
  const { parent } = part.dataset;
  return stages().filter(({ dataset }) => dataset.parent === parent);
}

/* Whether a header or a cell stands over or in a column, told by its aria-colindex. */
export function covers(part, column) {
  const from = columnOf(part);
  const span = Number(part.getAttribute("aria-colspan") ?? 1);
  return from <= column && column < from + span;
}

/* Where a card stands, as the server is told: `after` is a neighbour's id, or "first". */
export function placeOf(card) {
  const cell = card.closest(CELL);
  return { ...cellPlace(cell), after: before(cardsOf(cell), card) };
}

export function cellPlace(cell) {
  return { stage: cell.dataset.stage, lane: cell.dataset.lane };
}

export function before(parts, part) {
  return parts[parts.indexOf(part) - 1]?.dataset.id ?? "first";
}

/* What gets the focus when a part goes: the next of its kind, the one before, or the card's cell. */
export function beside(part) {
  const kind = { card: () => cardsOf(part.closest(CELL)), stage: stages, lane: lanes };
  const all = kind[nounOf(part)]().filter(isShown);
  const at = all.indexOf(part);
  return all[at + 1] ?? all[at - 1] ?? part.closest(CELL);
}

export const cellAt = ({ stage, lane }) => byId("cell", stage, lane);

/* Moves an element without its losing focus, where the browser can. */
function insert(parent, element, next) {
  if (parent.moveBefore && element.isConnected) parent.moveBefore(element, next);
  else parent.insertBefore(element, next);
}

/* Puts a card's element where `placeOf` says. Piled barriers stand in a box of their own: the
   answer of the server will sort them. */
export function put(card, { stage, lane, after }) {
  const cell = cellAt({ stage, lane });
  if (!cell) return;
  const cards = cardsOf(cell).filter((other) => other !== card);
  const neighbour = after === "first" ? null : (after && byId("card", after)) || cards.at(-1);
  if (neighbour && cell.contains(neighbour)) {
    if (neighbour.nextSibling !== card) insert(neighbour.parentNode, card, neighbour.nextSibling);
  } else if (cell.firstChild !== card) {
    insert(cell, card, cell.firstChild);
  }
}

/* The one tab stop of the grid goes where the focus goes. */
export function focus(element, options) {
  if (!element) return;
  for (const old of board().querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
  element.tabIndex = 0;
  element.focus(options);
}
