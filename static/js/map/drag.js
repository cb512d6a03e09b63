/* Dragging cards, stages and lanes with a pointer. A mouse takes them anywhere, a finger by the grip
   (so that the board still scrolls). The card itself shows where it will lie; a stage or a lane
   shows a line at its neighbour. */
import { swallowNextClick } from "./clicks.js";
import { scrollNear } from "./edges.js";
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { clear, isSelected, selected } from "./select.js";
import { shifted } from "./together.js";
import { owner } from "./tools.js";
import { lay, scale } from "./zoom.js";

const { CARD, CELL, LANE, PART } = grid;
const THRESHOLD = 6;
const LEAVE = "button:not([data-grip]), a, input, textarea, [data-face]";

let held = null; // { part, crew: the ids of all that go along, x, y, origin, ghost, beside }

grid.map.ownerDocument.addEventListener("pointerdown", (event) => {
  const { target, button, pointerType, pointerId } = event;
  if (button || held || target.closest(LEAVE)) return;
  const grip = target.closest("[data-grip]");
  const part = grip ? owner() : grid.board().contains(target) && target.closest(PART);
  if (!part || part.hasAttribute("data-ui-provisional")) return;
  if (!grip && pointerType !== "mouse") return;
  held = { part, pointerId, x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== held?.pointerId) return;
  const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > THRESHOLD;
  if (!held.ghost && !far) return;
  if (!held.ghost) begin();
  Object.assign(held, { nowX: event.clientX, nowY: event.clientY });
  over(held.nowX, held.nowY);
});

function begin() {
  const { part, pointerId, x, y } = held;
  const { left, top, width } = part.getBoundingClientRect();
  const ghost = part.cloneNode(true);
  for (const one of [ghost, ...ghost.querySelectorAll("[id]")]) one.removeAttribute("id");
  ghost.className += " drag-ghost";
  ghost.style.width = `${width / scale()}px`;
  grid.map.append(ghost);
  Object.assign(held, { ghost, dx: left - x, dy: top - y });
  held.crew = [part.id];
  if (part.matches(CARD)) takeAlong(part);
  for (const id of held.crew) document.getElementById(id).setAttribute("data-ui-dragged", "");
  grid.map.setAttribute("data-ui-dragging", "");
  grid.map.setPointerCapture(pointerId);
  getSelection().removeAllRanges();
  scrollNearEdges();
}

/* One of several chosen cards takes the others along; any other card goes alone. */
function takeAlong(card) {
  held.origin = grid.placeOf(card);
  if (!isSelected(card)) return clear();
  held.crew = selected().map(({ id }) => id);
  if (held.crew.length > 1) held.ghost.dataset.uiCount = held.crew.length;
}

function over(x, y) {
  const { ghost, part, dx, dy } = held;
  lay(ghost, { left: x + dx, top: y + dy });
  if (part.matches(CARD)) overCell(x, y);
  else overHeader(x, y);
}

function overCell(x, y) {
  const cell = document.elementFromPoint(x, y)?.closest(CELL);
  if (!cell) return;
  const part = document.getElementById(held.part.id);
  const across = grid.rowOf(cell).dataset.content === "emotion";
  const cards = grid.cardsOf(cell).filter(({ id }) => !held.crew.includes(id));
  const next = cards.findIndex((card) => {
    const box = card.getBoundingClientRect();
    return across ? x < box.left + box.width / 2 : y < box.top + box.height / 2;
  });
  const before = next < 0 ? cards.at(-1) : cards[next - 1];
  held.place = { ...grid.cellPlace(cell), after: before?.dataset.id ?? "first" };
  grid.put(part, held.place);
}

/* Before or behind the header under the pointer: a stage beside stages, a step beside any steps. */
function overHeader(x, y) {
  const isLane = held.part.matches(LANE);
  const isStep = "parent" in held.part.dataset;
  const stages = () => grid.stages().filter(({ dataset }) => "parent" in dataset === isStep);
  held.beside?.removeAttribute("data-ui-drop");
  const target = (isLane ? grid.lanes() : stages()).find((other) => {
    const { top, bottom, left, right } = other.getBoundingClientRect();
    return isLane ? y >= top && y < bottom : x >= left && x < right;
  });
  held.place = held.beside = null;
  if (!target || target === held.part) return;
  const box = target.getBoundingClientRect();
  const behind = isLane ? y > box.top + box.height / 2 : x > box.left + box.width / 2;
  target.setAttribute("data-ui-drop", behind ? "after" : "before");
  held.beside = target;
  const { id, parent = "" } = target.dataset;
  held.place = { after: behind ? id : grid.before(grid.siblings(target), target), parent };
}

function scrollNearEdges() {
  if (!held?.ghost) return;
  const { nowX = held.x, nowY = held.y } = held;
  scrollNear(nowX, nowY);
  requestAnimationFrame(scrollNearEdges);
}

function end(keep) {
  if (!held) return;
  const { ghost, crew, part: { id }, origin, place, beside } = held;
  held = null;
  if (!ghost) return;
  ghost.remove();
  beside?.removeAttribute("data-ui-drop");
  grid.map.removeAttribute("data-ui-dragging");
  const part = document.getElementById(id);
  const others = crew.map((one) => document.getElementById(one)).filter(Boolean);
  for (const one of others) one.removeAttribute("data-ui-dragged");
  swallowNextClick();
  if (!part) return;
  if (others.length > 1) {
    grid.put(part, origin); // all of them set out from where they stood
    if (keep && place) edits.moveMany(shifted(others, part, place));
  } else if (keep && place && !isSame(place, origin) && place.after !== part.dataset.id) {
    edits.move(part, place);
  } else if (origin) grid.put(part, origin);
}

const isSame = (place, origin) =>
  origin && ["stage", "lane", "after"].every((name) => place[name] === origin[name]);

document.addEventListener("pointerup", (event) => {
  if (event.pointerId === held?.pointerId) end(true);
});
document.addEventListener("pointercancel", () => end(false));
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !held?.ghost) return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  },
  true,
);
document.addEventListener("dragstart", (event) => {
  if (held) event.preventDefault();
});
