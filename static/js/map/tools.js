/* The grip and the "…" of a card: one element outside the board, laid on the upper edge of the card
   that is pointed at or has the focus. */
import { CARD, board, map } from "./grid.js";

const tools = document.getElementById("card-tools");
let card = null;

/* The card that the tools belong to now. */
export const owner = () => (card?.isConnected ? card : null);

function show(next) {
  if (next === card && !tools.hidden) return place();
  card = next;
  tools.hidden = !card;
  place();
}

function place() {
  if (!card?.isConnected || card.hasAttribute("data-ui-editing")) {
    tools.hidden = true;
    return;
  }
  const { right, top } = card.getBoundingClientRect();
  tools.style.transform = `translate(${right}px, ${top}px) translate(-100%, -50%)`;
}

map.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch" || tools.contains(target)) return;
  const over = target.closest(CARD);
  if (over && board().contains(over)) show(over);
});
map.addEventListener("focusin", ({ target }) => {
  const on = target.closest(CARD);
  if (on && board().contains(on)) show(on);
});
map.addEventListener("pointerleave", ({ relatedTarget }) => {
  if (!tools.contains(relatedTarget)) tools.hidden = true;
});
document.addEventListener("scroll", place, { capture: true, passive: true });
document.addEventListener("live:drawn", place);
document.addEventListener("editor:left", place);
