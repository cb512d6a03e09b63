/* Keys that change the map. None of them acts while somebody types. */
import * as edits from "./edits.js";
import { editCard, newCard } from "./editor.js";
import { CARD, CELL, beside, board, focus, isTyping } from "./grid.js";
import { rename } from "./headers.js";
import { lift } from "./lift.js";
import { step } from "./moves.js";
import { redoes, undoes } from "./shortcuts.js";
import { current } from "./walk.js";
import { say, speak } from "./words.js";

function open(at) {
  if (at.matches(CARD)) editCard(at);
  else if (at.matches(CELL)) newCard(at);
  else rename(at);
}

function remove(card) {
  focus(beside(card));
  edits.remove(card);
  speak(say("in-bin"));
}

function severity(card, level) {
  if (card.dataset.content === "barrier") edits.edit(card, { severity: level });
}

function onPart(event, at) {
  const { key, code } = event;
  if (event.altKey) {
    if (!key.startsWith("Arrow") || at.matches(CELL)) return false;
    step(at, key.slice(5).toLowerCase());
  } else if (event.shiftKey) return false;
  else if (key === "Enter") open(at);
  else if (code === "KeyM" && !at.matches(CELL)) lift(at);
  else if (!at.matches(CARD)) return false;
  else if (key === "Delete") remove(at);
  else if (/^[1-5]$/.test(key)) severity(at, key);
  else return false;
  return true;
}

function anywhere(event) {
  if (undoes(event)) edits.undo();
  else if (redoes(event)) edits.redo();
  else if (event.key !== "?" || event.altKey || event.ctrlKey || event.metaKey) return false;
  else document.getElementById("shortcuts").showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || isTyping(target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  const at = board().contains(target) && !target.closest("button, a") ? current() : null;
  const onBoard = at && !event.ctrlKey && !event.metaKey && onPart(event, at);
  if (onBoard || anywhere(event)) event.preventDefault();
});
