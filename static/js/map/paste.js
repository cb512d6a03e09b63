/* Several pasted lines become several cards, as one change: into a new card that is still empty,
   or onto a cell or card of the board. A table goes over the cells from there (block.js). */
import * as block from "./block.js";
import * as edits from "./edits.js";
import { leave, newCard } from "./editor.js";
import { CARD, CELL, board, byId, cardsOf, cellAt, cellPlace, isTyping } from "./grid.js";
import { linesOf } from "./lines.js";

const field = document.querySelector("#editor textarea");

document.addEventListener("paste", (event) => {
  const { target, clipboardData } = event;
  const rows = block.rowsOf(clipboardData);
  const isTable = rows?.length > 1 || rows?.[0]?.length > 1;
  const lines = linesOf(rows?.length && !isTable ? rows[0][0] : clipboardData.getData("text/plain"));
  if (target === field) {
    const isEmpty = !field.value && field.hasAttribute("data-new");
    if (!isEmpty || !(isTable || lines.length > 1)) return;
    event.preventDefault();
    const { place } = leave();
    if (isTable) block.paste(cellAt(place), rows);
    else addAll(place, lines);
  } else if (!isTyping() && board().contains(document.activeElement)) {
    const card = document.activeElement.closest(CARD);
    const cell = document.activeElement.closest(CELL);
    if (!cell || !(isTable || lines.length)) return;
    event.preventDefault();
    const after = (card ?? cardsOf(cell).at(-1))?.dataset.id ?? "first";
    if (isTable) block.paste(cell, rows);
    else if (lines.length > 1) addAll({ ...cellPlace(cell), after }, lines);
    else newCard(cell, { after, text: lines[0] });
  }
});

function addAll(place, lines) {
  const ids = edits.addCards(place, lines);
  newCard(byId("cell", place.stage, place.lane), { after: ids.at(-1) });
  byId("card", ids.at(-1))?.scrollIntoView({ block: "nearest" });
}
