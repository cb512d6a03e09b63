/* Lays the editor over its card, or over the place its card will have, and follows when the board
   scrolls, moves or is redrawn. The card makes room, so that nothing below is covered. */
import { board, byId, cardsOf, cellAt } from "./grid.js";
import { lay, scale } from "./zoom.js";

const gap = document.createElement("div");
gap.className = "editor-gap";

let editor = null;
let field = null;
let findCard = null;
let where = null;
let seen = null; // the card that is under the editor
let roomy = null; // what was made higher for it

/* `find` gives the card's element as it is now; while there is none, the editor lies where `place`
   says the card will be. */
export function show(element, textarea, find, at) {
  [editor, field, findCard, where] = [element, textarea, find, at];
  editor.hidden = false;
  place();
  editor.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function hide() {
  clear();
  gap.remove();
  editor.hidden = true;
  editor = null;
}

function clear() {
  if (!seen) return;
  seen.removeAttribute("data-ui-editing");
  if (roomy) roomy.style.minHeight = "";
  seen = roomy = null;
}

function makeGap() {
  const cell = cellAt(where);
  if (!cell) return null;
  const after = byId("card", where.after) ?? cardsOf(cell).at(-1);
  const isThere = gap.isConnected && cell.contains(gap);
  if (where.after === "first" && !isThere) cell.prepend(gap);
  else if (!isThere) after ? after.after(gap) : cell.prepend(gap);
  return gap;
}

export function place() {
  if (!editor) return;
  const card = findCard();
  if (seen !== card) clear();
  if (card) {
    gap.remove();
    card.setAttribute("data-ui-editing", "");
    seen = card;
  }
  // Above an emotion's words runs the curve.
  const face = card?.querySelector("[data-face]");
  const under = (face ? card.querySelector(".card-words") : card) ?? makeGap();
  if (!under) return;
  editor.style.width = `${under.getBoundingClientRect().width / scale()}px`;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
  const high = `${editor.offsetHeight}px`;
  if (under.style.minHeight !== high) under.style.minHeight = high;
  if (card) roomy = under;
  lay(editor, under.getBoundingClientRect());
}

document.addEventListener("live:drawn", place);
document.addEventListener("queue:changed", place);
document.addEventListener("map:zoomed", place);
document.addEventListener("scroll", place, { capture: true, passive: true });
addEventListener("resize", place);
new ResizeObserver(place).observe(board());
