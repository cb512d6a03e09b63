/* The grip, the details and the "…" of a card: one element outside the board, laid on the upper edge
   of the card that is pointed at or has the focus, and never over headers or the panel. */
import * as details from "./details.js";
import { CARD, board, map } from "./grid.js";
import { view } from "./view.js";

const LARGE = 30;
const OVERLAP = 6;
const tools = document.getElementById("card-tools");
let card = null;

/* The card that the tools belong to now. */
export const owner = () => (card?.isConnected ? card : null);

function show(next) {
  card = next;
  place();
}

function place() {
  tools.hidden = !card?.isConnected || card.hasAttribute("data-ui-editing");
  if (tools.hidden) return;
  const box = card.getBoundingClientRect();
  const seen = view();
  const { width, height } = tools.getBoundingClientRect();
  const right = Math.min(box.right, seen.right);
  // A finger's tools are as high as the card: they go above it, or below.
  const isLarge = height > LARGE;
  const above = isLarge ? box.top - height + OVERLAP : box.top - height / 2;
  const top = above >= seen.top ? above : isLarge ? box.bottom - OVERLAP : seen.top;
  const isSeen = box.bottom - OVERLAP > seen.top && box.top < seen.bottom;
  tools.hidden = !isSeen || right - width < seen.left;
  tools.style.transform = `translate(${right - width}px, ${top}px)`;
}

map.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch" || tools.contains(target)) return;
  const over = target.closest(CARD);
  if (over && board().contains(over)) show(over);
});
map.addEventListener("focusin", ({ target }) => {
  if (board().contains(target)) show(target.closest(CARD));
});
map.addEventListener("pointerleave", ({ relatedTarget, pointerType }) => {
  if (pointerType === "touch" || tools.contains(relatedTarget)) return;
  if (!tools.contains(document.activeElement)) show(document.activeElement.closest(CARD));
});
tools.querySelector("[data-act='details']").addEventListener("click", () => {
  if (owner()) details.show(owner());
});
document.addEventListener("scroll", place, { capture: true, passive: true });
document.addEventListener("live:drawn", place);
document.addEventListener("editor:left", place);
addEventListener("resize", place);
