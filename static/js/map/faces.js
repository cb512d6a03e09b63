/* An emotion's face goes up and down with the finger, or with Shift + up and down on its card: −5 …
   +5. The server draws the line anew when it is let go. */
import * as edits from "./edits.js";
import { CARD, board, isTyping } from "./grid.js";
import { current } from "./walk.js";

const MOST = 5;
let held = null; // { card id, face, y, start, value, point }

const clamp = (value) => Math.max(-MOST, Math.min(MOST, value));
const signed = (value) => (value > 0 ? `+${value}` : `${value}`.replace("-", "−"));
const valueOf = (card) => Number(card.dataset.emotion ?? 0);

document.addEventListener("pointerdown", (event) => {
  const face = event.target.closest("[data-face]");
  if (!face || event.button || !board().contains(face)) return;
  const card = face.closest(CARD);
  const point = parseFloat(getComputedStyle(face).getPropertyValue("--point")) || 8.8;
  const start = valueOf(card);
  held = { id: card.id, face, y: event.clientY, start, value: start, point };
  face.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", ({ clientY }) => {
  if (!held) return;
  held.value = clamp(held.start + Math.round((held.y - clientY) / held.point));
  held.face.style.transform = `translateY(${(held.start - held.value) * held.point}px)`;
  const number = held.face.querySelector(".feeling-value");
  if (number) number.textContent = signed(held.value);
});

function end(keep) {
  if (!held) return;
  const { id, face, start, value } = held;
  held = null;
  const card = document.getElementById(id);
  if (keep && card && value !== start) {
    // It stays where it was left until the answer places it.
    document.addEventListener("live:drawn", () => (face.style.transform = ""), { once: true });
    edits.edit(card, { emotion: value });
    return;
  }
  face.style.transform = "";
  const number = face.querySelector(".feeling-value");
  if (number) number.textContent = signed(start);
}

document.addEventListener("pointerup", () => end(true));
document.addEventListener("pointercancel", () => end(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) end(false);
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!step || !event.shiftKey || event.altKey || isTyping(event.target)) return;
  const card = current();
  if (card?.dataset.content !== "emotion") return;
  event.preventDefault();
  const value = clamp(valueOf(card) + step);
  if (value === valueOf(card)) return;
  card.dataset.emotion = value; // the next key counts from here
  edits.edit(card, { emotion: value });
});
