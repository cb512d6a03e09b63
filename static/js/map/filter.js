/* Dims the cards that are not asked for: `data-ui-dimmed`, for this reader alone. Each filter has a
   name and a test; a card that one of them doesn't keep is dimmed. */
import { CARD, board, map } from "./grid.js";

const filters = new Map();

/* `keeps(card)`; null takes the filter away. */
export function filterBy(name, keeps) {
  if (keeps) filters.set(name, keeps);
  else filters.delete(name);
  show();
}

function show() {
  const tests = [...filters.values()];
  for (const card of board().querySelectorAll(CARD)) {
    card.toggleAttribute("data-ui-dimmed", !tests.every((keeps) => keeps(card)));
  }
  map.toggleAttribute("data-ui-filtered", tests.length > 0);
  document.dispatchEvent(new CustomEvent("filter:changed"));
}

document.addEventListener("live:drawn", () => filters.size && show());
