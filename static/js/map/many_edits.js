/* What is done to all chosen cards: one edit, and so one step of undo. From the bar and its menus, and by
   the keys that mean the same on one card. */
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { choose, clear, isForBoard, isSelected, selected } from "./select.js";
import { isKey } from "./shortcuts.js";
import { tagsOf, used } from "./tags.js";
import { aside, toStage, upOrDown } from "./together.js";
import { current } from "./walk.js";
import { count, say, speak } from "./words.js";

const stages = document.querySelector("#many-move [data-stages]");
const tags = document.getElementById("many-tags");
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

function move(moves) {
  edits.moveMany(moves);
  if (moves.length) speak(say("did-moved", { name: count("cards", selected().length) }));
}

function duplicate() {
  const ids = edits.duplicateMany(selected());
  choose(ids.map((id) => `card-${id.replaceAll("-", "")}`), { quietly: true }); // the copies, once they come
  speak(say("did-copied", { name: count("cards", ids.length) }));
}

function remove() {
  const cards = selected();
  grid.focus(cards[0].closest(grid.CELL), { preventScroll: true });
  edits.removeMany(cards);
  clear();
  speak(say("many-in-bin", { cards: count("cards", cards.length) }));
}

const ACTS = {
  duplicate,
  delete: remove,
  stage: ({ dataset }) => move(toStage(selected(), dataset.stage)),
  up: () => move(upOrDown(selected(), -1)),
  down: () => move(upOrDown(selected(), 1)),
  left: () => move(aside(selected(), -1)),
  right: () => move(aside(selected(), 1)),
  /* `data-field` and `data-value`: the same for all. */
  set({ dataset }) {
    edits.editMany(selected(), { [dataset.field]: dataset.value });
  },
  tag(item) {
    const all = item.getAttribute("aria-checked") === "true";
    edits.editMany(selected(), { [all ? "tags_remove" : "tags_add"]: item.dataset.tag });
    item.setAttribute("aria-checked", String(!all));
  },
};

const SAME = {
  duplicate,
  delete: remove,
  "move-up": ACTS.up,
  "move-down": ACTS.down,
  "move-left": ACTS.left,
  "move-right": ACTS.right,
};

/* What is chosen in the menu of one chosen card is done to all of them; says whether it was. */
export function doToAll(act, card) {
  const isMeant = card.matches(grid.CARD) && isSelected(card) && selected().length > 1;
  if (!isMeant || !SAME[act]) return false;
  SAME[act]();
  return true;
}

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-many]");
  if (item && selected().length) ACTS[item.dataset.many]?.(item);
});

/* --- menus ----------------------------------------------------------------------------------- */

function fillStages() {
  const items = grid.columns().map((stage) => {
    const item = copyOf("many-stage");
    const { id, name, parent } = stage.dataset;
    item.dataset.stage = id;
    const whole = parent && grid.byId("stage", parent);
    item.querySelector("span").textContent = whole ? `${whole.dataset.name} · ${name}` : name;
    return item;
  });
  stages.replaceChildren(...items);
}

/* On all of them, on some, on none. */
function fillTags() {
  const cards = selected();
  const here = new Map(used(tagsOf, cards));
  const items = used(tagsOf).map(([tag]) => {
    const item = copyOf("many-tag");
    item.dataset.tag = tag;
    item.querySelector("span").textContent = tag;
    const on = here.get(tag) ?? 0;
    item.setAttribute("aria-checked", on === cards.length ? "true" : on ? "mixed" : "false");
    return item;
  });
  tags.querySelector("[data-tags]").replaceChildren(...items);
}

/* What all of them say already is ticked; what one of them can't say is not offered. */
function fillFields(menu) {
  const cards = selected();
  for (const group of menu.querySelectorAll("[data-of]")) {
    group.hidden = !cards.every(({ dataset }) => dataset.content === group.dataset.of);
  }
  for (const item of menu.querySelectorAll("[data-value]")) {
    const { field, value } = item.dataset;
    const is = cards.every(({ dataset }) => (dataset[field] ?? "") === value);
    item.setAttribute("aria-checked", String(is));
  }
}

document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (newState !== "open") return;
  if (target.id === "many-move") fillStages();
  else if (target.id === "many-tags") fillTags();
  else if (target.matches?.("#many-color, #many-more")) fillFields(target);
}, true);

tags.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.tag;
  const tag = field.value.trim();
  if (tag) edits.editMany(selected(), { tags_add: tag });
  field.value = "";
  tags.hidePopover();
});

/* --- keys ------------------------------------------------------------------------------------ */

function actOn(event) {
  const { key, altKey, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey && !shiftKey && isKey(event, "d")) duplicate();
  else if (command || shiftKey) return false;
  else if (altKey && key.startsWith("Arrow")) ACTS[key.slice(5).toLowerCase()]();
  else if (!altKey && ["Delete", "Backspace"].includes(key)) remove();
  else return false;
  return true;
}

/* Ctrl+D on a single card copies it too; the browser's bookmark is of no use here. */
function copyOne(event) {
  const card = current();
  const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && isKey(event, "d");
  if (!asked || !card?.matches(grid.CARD)) return false;
  edits.duplicate(card);
  return true;
}

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (!isForBoard(event) || (target !== document.body && !grid.board().contains(target))) return;
  if (!(selected().length ? actOn(event) : copyOne(event))) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
