/* Images come onto cards: pasted, dropped from the desktop, chosen in the details. Onto a card they
   join what it has; into a cell they make a new one. */
import { uuid7 } from "../ids.js";
import { shownCard } from "./details.js";
import { leave } from "./editor.js";
import { CARD, CELL, board, byId, cardsOf, cellPlace, focus, isTyping } from "./grid.js";
import * as uploads from "./uploads.js";

const editor = document.getElementById("editor");
const panel = document.getElementById("details");

/* Where an image goes that comes to an element: { card }, or { place } of a new card. */
function targetAt(element) {
  const card = element.closest(CARD);
  const cell = element.closest(CELL);
  if (card && board().contains(card)) return { card: card.dataset.id };
  if (cell) return { place: { ...cellPlace(cell), after: cardsOf(cell).at(-1)?.dataset.id ?? "first" } };
  const shown = panel.contains(element) && shownCard();
  return shown ? { card: shown.dataset.card } : null;
}

function targetOfPaste() {
  const at = document.activeElement;
  if (editor.contains(at)) {
    const { id, place } = leave();
    return id ? { card: id } : { place };
  }
  return isTyping(at) && !panel.contains(at) ? null : targetAt(at);
}

function add(files, target) {
  const card = target.card ?? uuid7();
  uploads.add(files, { ...target, card });
  if (target.place) focus(byId("card", card));
}

document.addEventListener("paste", (event) => {
  const { clipboardData } = event;
  const files = [...clipboardData.files].filter(({ type }) => type.startsWith("image/"));
  // A table comes with its picture too: there the words are meant.
  if (!files.length || clipboardData.getData("text/plain").trim()) return;
  const target = targetOfPaste();
  if (!target) return;
  event.preventDefault();
  add(files, target);
});

/* --- dropped --------------------------------------------------------------------------------- */

const hasFiles = ({ dataTransfer, target }) =>
  dataTransfer?.types.includes("Files") && !target.closest?.("input[type='file']");

function mark(element) {
  for (const old of document.querySelectorAll("[data-ui-drop-here]")) {
    if (old !== element) old.removeAttribute("data-ui-drop-here");
  }
  element?.setAttribute("data-ui-drop-here", "");
}

document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault(); // or the browser would leave the map for the file
  const at = targetAt(event.target);
  event.dataTransfer.dropEffect = at ? "copy" : "none";
  mark(at && (event.target.closest(CARD) ?? event.target.closest(CELL) ?? panel));
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) mark(null);
});
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  mark(null);
  const target = targetAt(event.target);
  if (target) add([...event.dataTransfer.files], target);
});

/* --- chosen ---------------------------------------------------------------------------------- */

panel.addEventListener("click", ({ target }) => {
  if (target.closest("[data-act='choose-images']")) panel.querySelector("[data-images]").click();
});
panel.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-images]")) return;
  add([...target.files], { card: shownCard().dataset.card });
  target.value = "";
});
