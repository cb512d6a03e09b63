/* Moving without a pointer: Space on the grip (or M on the card) lifts, arrows move, Space drops, Esc
   puts back; each step is spoken. A card moves on this screen only until it is dropped; a stage or
   a lane takes its cards along, so each step of it is an edit. */
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { placeAfter, step, whereIs } from "./moves.js";
import { owner } from "./tools.js";
import { say, speak } from "./words.js";

let lifted = null; // { id, origin, place }

const now = () => document.getElementById(lifted.id);
function place(part) {
  if (part.matches(grid.CARD)) return grid.placeOf(part);
  const { parent = "" } = part.dataset; // a step may have come from another stage
  return { after: grid.before(grid.siblings(part), part), parent };
}

export function lift(part) {
  lifted = { id: part.id, origin: place(part), place: null };
  part.setAttribute("data-ui-lifted", "");
  grid.focus(part);
  tell("lifted", part);
}

function tell(key, part) {
  speak(say(key, { name: grid.nameOf(part), place: whereIs(part) }));
}

function move(direction) {
  const part = now();
  if (!part.matches(grid.CARD)) return step(part, direction);
  const next = placeAfter(part, direction);
  if (!next) return;
  lifted.place = next;
  grid.put(part, next);
  grid.focus(part);
  speak(whereIs(part));
}

function settle(keep) {
  const part = now();
  const { origin, place: to } = lifted;
  lifted = null;
  if (!part) return;
  part.removeAttribute("data-ui-lifted");
  if (keep) {
    if (to) edits.move(part, to);
    tell("dropped", part);
    return;
  }
  if (part.matches(grid.CARD)) grid.put(part, origin);
  else if (["after", "parent"].some((name) => place(part)[name] !== origin[name])) edits.move(part, origin);
  grid.focus(part);
  speak(say("put-back"));
}

document.addEventListener(
  "keydown",
  (event) => {
    const { key, target } = event;
    if (!lifted) {
      if (key !== " " || !target.closest?.("[data-grip]") || !owner()) return;
      lift(owner());
    } else if (key.startsWith("Arrow")) move(key.slice(5).toLowerCase());
    else if (key === " " || key === "Enter") settle(true);
    else if (key === "Escape") settle(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
/* Elsewhere with the focus: it lies where it is. */
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (lifted && relatedTarget && target.id === lifted.id && relatedTarget.id !== lifted.id) settle(true);
});
document.addEventListener("live:drawn", () => {
  if (!lifted) return;
  const part = now();
  if (!part) lifted = null;
  else if (lifted.place) grid.put(part, lifted.place);
});
