/* An emotion's face goes up and down with the finger, or with up and down on it (or with Shift on its
   card): −5 … +5. The server draws the line anew when it is let go. To a screen reader the face of
   whoever may move it is a slider; Tab leads from a card to its face. */
import { uuid7 } from "../ids.js";
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { current } from "./walk.js";
import { scale } from "./zoom.js";

const MOST = 5;
const FACE = "[data-face]";
const narrow = matchMedia("(width < 600px)"); // there faces stand in a list that is scrolled
let held = null; // { card id, face, pointerId, y, start, value, point }
let last = { id: "", visit: "" }; // steps on one card in a row are one step of undo

const clamp = (value) => Math.max(-MOST, Math.min(MOST, value));
const signed = (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−"));
const valueOf = (card) => Number(card.dataset.emotion ?? 0);

function set(card, value) {
  if (value === valueOf(card)) return;
  if (last.id !== card.id) last = { id: card.id, visit: uuid7() };
  card.dataset.emotion = value; // the next key counts from here
  say(card.querySelector(FACE), value);
  edits.edit(card, { emotion: value }, { visit: last.visit });
}

/* --- as a slider ----------------------------------------------------------------------------- */

function dress() {
  for (const face of grid.board().querySelectorAll(FACE)) {
    const card = face.closest(grid.CARD);
    const lane = grid.rowOf(face).querySelector(grid.LANE);
    face.setAttribute("role", "slider");
    face.setAttribute("aria-label", `${lane.dataset.name}: ${grid.nameOf(card)}`);
    face.setAttribute("aria-orientation", "vertical");
    face.setAttribute("aria-valuemin", -MOST);
    face.setAttribute("aria-valuemax", MOST);
    if (!face.hasAttribute("tabindex")) face.tabIndex = -1;
    say(face, valueOf(card));
  }
}

function say(face, value) {
  face.setAttribute("aria-valuenow", value);
  face.setAttribute("aria-valuetext", signed(value));
}

/* One tab stop for the grid, and one more behind it while an emotion has it. */
grid.map.addEventListener("focusin", ({ target }) => {
  for (const face of grid.board().querySelectorAll(`${FACE}[tabindex='0']`)) face.tabIndex = -1;
  const face = target.closest(grid.CARD)?.querySelector(FACE);
  if (face) face.tabIndex = 0;
});

/* --- by pointer ------------------------------------------------------------------------------ */

document.addEventListener("pointerdown", (event) => {
  const face = event.target.closest(FACE);
  if (!face || event.button || held || narrow.matches || !grid.board().contains(face)) return;
  const card = face.closest(grid.CARD);
  const point = parseFloat(getComputedStyle(face).getPropertyValue("--point")) || 8.8;
  const start = valueOf(card);
  const { pointerId, clientY: y } = event;
  held = { id: card.id, face, pointerId, y, start, value: start, point };
  face.setPointerCapture(pointerId);
});

document.addEventListener("pointermove", ({ pointerId, clientY }) => {
  if (pointerId !== held?.pointerId) return;
  held.value = clamp(held.start + Math.round((held.y - clientY) / (held.point * scale())));
  held.face.style.transform = `translateY(${(held.start - held.value) * held.point}px)`;
  write(held.face, held.value);
});

function write(face, value) {
  const number = face.querySelector(".feeling-value");
  if (number) number.textContent = signed(value);
}

function end(keep) {
  if (!held) return;
  const { id, face, start, value } = held;
  held = null;
  const card = document.getElementById(id);
  if (keep && card && value !== start) {
    // It stays where it was left until the answer places it.
    document.addEventListener("live:drawn", () => (face.style.transform = ""), { once: true });
    return set(card, value);
  }
  face.style.transform = "";
  write(face, start);
}

document.addEventListener("pointerup", ({ pointerId }) => pointerId === held?.pointerId && end(true));
document.addEventListener("pointercancel", () => end(false));

/* --- by keys --------------------------------------------------------------------------------- */

document.addEventListener(
  "keydown",
  (event) => {
    const { key, target, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (key === "Escape" && held) return end(false);
    const onFace = target.matches?.(FACE);
    const step = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (altKey || ctrlKey || metaKey || grid.isTyping(target)) return;
    if (onFace && key === "Escape") grid.focus(target.closest(grid.CARD));
    else if (!step || !(onFace || shiftKey)) return;
    else if (current()?.dataset.content !== "emotion") return;
    else set(current(), clamp(valueOf(current()) + step));
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("live:drawn", dress);
dress();
