/* Several pasted lines become several cards, as one change: into a new card that is still empty,
   or onto a cell or card of the board. */
import * as edits from "./edits.js";
import { leave, newCard } from "./editor.js";
import { CARD, CELL, board, byId, cardsOf, cellPlace, isTyping } from "./grid.js";
import { linesOf } from "./lines.js";

const field = document.querySelector("#editor textarea");

document.addEventListener("paste", (event) => {
  const { target, clipboardData } = event;
  const text = clipboardData.getData("text/plain");
  const lines = linesOf(text);
  if (target === field) {
    if (lines.length < 2 || field.value || !field.hasAttribute("data-new")) return;
    event.preventDefault();
    const { place } = leave();
    addAll(place, lines);
  } else if (lines.length && !isTyping() && board().contains(document.activeElement)) {
    const card = document.activeElement.closest(CARD);
    const cell = document.activeElement.closest(CELL);
    if (!cell) return;
    event.preventDefault();
    const after = (card ?? cardsOf(cell).at(-1))?.dataset.id ?? "first";
    if (lines.length > 1) addAll({ ...cellPlace(cell), after }, lines);
    else newCard(cell, { after, text: lines[0] });
  }
});

function addAll(place, lines) {
  const ids = edits.addCards(place, lines);
  newCard(byId("cell", place.stage, place.lane), { after: ids.at(-1) });
  byId("card", ids.at(-1))?.scrollIntoView({ block: "nearest" });
}
