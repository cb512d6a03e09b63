/* The open editor: one element outside the board, laid over its card, so that nothing that arrives
   can touch what is being typed. What is typed is saved after a second of rest and on leaving; all
   saves of one sitting share a visit. */
import { hex, uuid7 } from "../ids.js";
import { get } from "../live.js";
import { keepWords, waiting } from "../queue.js";
import { sentence } from "../sentence.js";
import * as catalogue from "./catalogue.js";
import * as details from "./details.js";
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import * as overlay from "./overlay.js";
import { undoes } from "./shortcuts.js";
import * as suggestions from "./suggestions.js";
import { say } from "./words.js";

const REST = 1_000;
const HINTS = { touchpoint: "to-scores", barrier: "to-severity" };
const editor = document.getElementById("editor");
const field = editor.querySelector("textarea");
const hint = editor.querySelector(".editor-hint");
const severity = editor.querySelector(".editor-severity");
const gone = document.getElementById("gone").content.firstElementChild;

/* id, place {stage, lane, after}, isNew until the card was sent, synced = the text that the server
   was last given or gave, extra = other fields of a chosen suggestion, deleted, touched = typed in */
let open = null;
let timer;

const cardNow = () => grid.byId("card", open.id);
const isSent = (id) => waiting().some((edit) => [edit.fields.id].flat().includes(id));

/* --- opening --------------------------------------------------------------------------------- */

export function editCard(card, text) {
  begin({ id: card.dataset.id, place: grid.placeOf(card), synced: grid.textOf(card) }, text);
}

/* `after` is the card behind which it goes; without one it is the cell's last. */
export function newCard(cell, { after, text = "" } = {}) {
  const last = grid.cardsOf(cell).at(-1)?.dataset.id ?? "first";
  begin({ id: uuid7(), place: { ...grid.cellPlace(cell), after: after ?? last }, isNew: true }, text);
}

function begin(what, text) {
  leave();
  open = { synced: "", extra: {}, deleted: false, visit: uuid7(), wasNew: what.isNew, ...what };
  field.value = text ?? open.synced;
  const row = grid.rowOf(grid.cellAt(open.place));
  editor.dataset.content = row.dataset.content;
  const hue = [...row.classList].filter((name) => name.startsWith("hue-"));
  editor.className = ["editor", ...hue].join(" ");
  field.setAttribute("aria-label", row.querySelector(grid.LANE).dataset.name);
  field.lang = grid.board().lang;
  field.toggleAttribute("data-new", Boolean(what.isNew)); // several lines may be pasted
  gone.remove();
  severity.hidden = editor.dataset.content !== "barrier";
  showSeverity(Number(cardNow()?.dataset.severity ?? 0));
  hint.textContent = say(HINTS[editor.dataset.content] ?? "next");
  overlay.show(editor, field, () => (open.isNew ? null : cardNow()), open.place);
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  suggestions.open(field, row.dataset.content === "touchpoint" && !field.value, choose);
}

/* --- saving ---------------------------------------------------------------------------------- */

function save() {
  clearTimeout(timer);
  const text = field.value.trimEnd();
  if (!open || open.deleted || text === open.synced) return;
  const options = { visit: open.visit, words: text, onRefused };
  if (open.isNew) {
    if (!text) return;
    const feeling = editor.dataset.content === "emotion" ? { emotion: 0 } : {};
    const fields = { ...open.place, ...feeling, ...open.extra, text };
    edits.addCard(open.id, fields, options);
    open.isNew = false;
    field.removeAttribute("data-new");
  } else {
    const label = say("did-edited", { name: text.slice(0, 60) });
    const card = cardNow() ?? { id: `card-${hex(open.id)}`, dataset: { id: open.id, name: text } };
    edits.edit(card, { text, base: open.synced, ...open.extra }, { ...options, label });
  }
  open.extra = {};
  open.synced = text;
}

/* Deleted by somebody else: the open editor says so itself. */
function onRefused(reason, status) {
  if (status !== 410 || !open) return false;
  lost(reason);
  return true;
}

/* The stream says only that it has gone; the server knows by whom. */
async function ask() {
  const { id } = open;
  open.deleted = true;
  let reason = "";
  try {
    const answer = await get(`cards/${id}/`);
    if (answer.status === 410) reason = sentence(await answer.text());
  } catch {
    // No network: then without the name.
  }
  if (open?.id === id && open.deleted) lost(reason || say("deleted"));
}

/* `reason`: the server's sentence. */
function lost(reason) {
  open.deleted = true;
  gone.querySelector("[data-gone]").textContent = reason;
  editor.append(gone);
  overlay.place();
}

function bringBack() {
  const text = field.value.trimEnd();
  const ghost = { id: `card-${hex(open.id)}`, dataset: { id: open.id, name: text } };
  edits.restore(ghost, { text });
  open.synced = text;
  open.deleted = false;
  open.returning = true;
  gone.remove();
  field.focus();
}

/* --- leaving --------------------------------------------------------------------------------- */

/* Saves and closes; gives the id of the card, or null if there is none to go back to. */
export function leave() {
  if (!open) return null;
  save();
  const { id, deleted, isNew, wasNew, place } = open;
  const text = field.value.trim();
  const card = cardNow();
  if (deleted && text) {
    keepWords({ label: say("did-edited", { name: "" }), words: text, reason: say("deleted") });
  } else if (wasNew && !isNew && !text && card) {
    edits.remove(card);
  }
  open = null;
  clearTimeout(timer);
  suggestions.close();
  overlay.hide();
  document.dispatchEvent(new CustomEvent("editor:left"));
  return { id: isNew ? null : id, place };
}

function backToBoard() {
  const { id, place } = leave();
  grid.focus((id && grid.byId("card", id)) ?? grid.cellAt(place));
}

function next() {
  if (!field.value.trim()) return backToBoard();
  const { id, place } = leave();
  const cell = grid.byId("card", id)?.closest(grid.CELL) ?? grid.cellAt(place);
  newCard(cell, { after: id });
}

function choose({ key, name, channel, mode, isCatalogue }) {
  if (isCatalogue) return catalogue.open(grid.cellAt(leave().place));
  field.value = name;
  open.extra = { catalogue_key: key, channel, mode };
  grown();
  save();
}

function showSeverity(level) {
  for (const dot of severity.querySelectorAll("button")) {
    dot.setAttribute("aria-pressed", String(Number(dot.dataset.level) <= level));
  }
}

/* --- hands ----------------------------------------------------------------------------------- */

const KEYS = {
  Enter: next,
  Escape: backToBoard,
  Tab(event) {
    const { id } = leave() ?? {};
    const card = id && grid.byId("card", id);
    grid.focus(card);
    if (card && !event.shiftKey) details.show(card, { scores: true });
  },
};

function grown() {
  overlay.place();
  document.dispatchEvent(new CustomEvent("editor:typing", { detail: open.id }));
  clearTimeout(timer);
  timer = setTimeout(save, REST);
}

field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  // Nothing was typed here: what is to be undone was done before, as by pasting.
  if (!open.touched && undoes(event)) {
    event.preventDefault();
    event.stopPropagation();
    backToBoard();
    return edits.undo();
  }
  if (suggestions.take(event)) return;
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!bare || !KEYS[event.key] || (event.key === "Enter" && event.shiftKey)) return;
  event.preventDefault();
  event.stopPropagation();
  KEYS[event.key](event);
});
field.addEventListener("input", () => {
  open.touched = true;
  grown();
  suggestions.narrow(field.value);
});
/* Into another window is not away: only the text is saved. */
editor.addEventListener("focusout", ({ relatedTarget }) => {
  if (!document.hasFocus()) save();
  else if (open && !editor.contains(relatedTarget)) leave();
});
// The field keeps the focus, and with it the keyboard of a phone.
editor.querySelector(".editor-touch").addEventListener("mousedown", (event) => event.preventDefault());
severity.addEventListener("click", ({ target }) => {
  const level = Number(target.closest("button")?.dataset.level);
  if (!level || !open) return;
  showSeverity(level);
  if (open.isNew) open.extra.severity = level; // goes with the first words
  else if (cardNow()) edits.edit(cardNow(), { severity: level });
});
editor.querySelector("[data-act='next-card']").addEventListener("click", next);
editor.querySelector("[data-act='done']").addEventListener("click", backToBoard);
gone.querySelector("[data-act='bring-back']").addEventListener("click", bringBack);
gone.querySelector("[data-act='leave']").addEventListener("click", backToBoard);
addEventListener("pagehide", save);

document.addEventListener("live:drawn", () => {
  if (!open || open.isNew) return;
  if (cardNow()) {
    open.returning = false;
    if (open.deleted) {
      open.deleted = false;
      gone.remove();
    }
  } else if (!open.deleted && !open.returning && !isSent(open.id)) ask();
});

/* Leaving an editor moves the cards below it, between the press and the click: what was pressed
   is what was meant. */
let pressed = null;
let pointer = "";
let hadFocus = null;
grid.map.addEventListener(
  "pointerdown",
  ({ target, pointerType }) => {
    [pressed, pointer] = [target, pointerType];
    // The press itself will move the focus.
    hadFocus = document.activeElement?.closest?.(grid.CARD);
  },
  true,
);

/* A click on a card's words or in the free part of a cell begins to type, elsewhere on a card it
   opens the details. A finger first chooses the card: who only reads wants no keyboard. */
grid.map.addEventListener("click", (event) => {
  const target = pressed?.isConnected ? pressed : event.target;
  pressed = null;
  if (event.defaultPrevented || !grid.board().contains(target)) return;
  const chip = target.closest("[data-act='take-touchpoint']");
  const card = target.closest(grid.CARD);
  const cell = target.closest(grid.CELL);
  if (chip) catalogue.take(chip, grid.cellPlace(cell));
  else if (target.closest("[data-act='whole-catalogue']")) catalogue.open(cell);
  else if (cell && target.closest("[data-act='add']")) newCard(cell);
  else if (target.closest("button, a, [data-grip], [data-face], [data-image]")) return;
  else if (card && pointer === "touch" && card !== hadFocus) pick(card);
  else if (card && target.closest(".card-words")) {
    details.follow(card);
    editCard(card);
  } else if (card) details.show(card);
  else if (cell) newCard(cell);
});

function pick(card) {
  grid.focus(card, { preventScroll: true });
  details.follow(card);
}
