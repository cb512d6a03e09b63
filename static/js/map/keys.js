/* Keys that change the map. None of them acts while somebody types. */
import * as edits from "./edits.js";
import { editCard, newCard } from "./editor.js";
import { CARD, CELL, board, isTyping } from "./grid.js";
import { rename } from "./headers.js";
import { lift } from "./lift.js";
import { step } from "./moves.js";
import { current } from "./walk.js";
import { say, speak } from "./words.js";

function open(at) {
  if (at.matches(CARD)) editCard(at);
  else if (at.matches(CELL)) newCard(at);
  else rename(at);
}

function remove(card) {
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

function undo() {
  edits.undo();
  document.getElementById("redo").disabled = false;
}

/* By the key's place too: on a Russian keyboard Z is Я. */
export const isKey = (event, letter) => event.key.toLowerCase() === letter || event.code === `Key${letter.toUpperCase()}`;

function anywhere(event) {
  if (event.altKey) return false;
  const command = event.ctrlKey || event.metaKey;
  if (command && isKey(event, "z")) (event.shiftKey ? edits.redo : undo)();
  else if (command && isKey(event, "y")) edits.redo();
  else if (!command && event.key === "?") document.getElementById("shortcuts").showModal();
  else return false;
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

const ACTS = { undo, redo: edits.redo };
document.addEventListener("click", ({ target }) => {
  ACTS[target.closest("[data-act]")?.dataset.act]?.();
});
