/* The panel beside the map, with the details of a card. What is changed in it is posted field by
   field; when the card changes, the panel is drawn anew around the field that has the focus. */
import { hex, uuid7 } from "../ids.js";
import { get } from "../live.js";
import * as edits from "./edits.js";
import { CARD, byId, canEdit, focus, map, textOf } from "./grid.js";

const { htmx } = window;
const REST = 800;
const panel = document.getElementById("details");
const SCORES = ["answer", "expectation", "severity", "emotion", "effort", "fact", "status"];

let card = null; // the hex id of the card that is shown
let visit = null;
let text = ""; // the words the server was last given or gave
let focusOn = null; // finds what gets the focus once the panel has come
const timers = new Map();

export const shownCard = () => panel.querySelector("[data-card]:not([data-act])");

/* --- opening and closing --------------------------------------------------------------------- */

export function show(element, { scores = false } = {}) {
  begin(element);
  focusOn = scores ? firstScore : () => panel.querySelector("[data-close-panel]");
  load("innerHTML");
}

function begin(element) {
  sendAll();
  card = hex(element.dataset.id);
  visit = uuid7();
  select();
}

/* Only if the panel shows a card already. */
export function follow(element) {
  if (!card || card === hex(element.dataset.id)) return;
  begin(element);
  load("innerHTML");
}

async function load(swap) {
  const wanted = card;
  const element = byId("card", card);
  if (!element?.dataset.v) return; // typed a moment ago: the server does not know it yet
  const answer = await get(`cards/${element.dataset.id}/`);
  const html = await answer.text();
  // Closed, or another card chosen, while this was on its way.
  if (!answer.ok || card !== wanted) return;
  await htmx.swap({ text: html, target: "#details", swap, sourceElement: panel });
  text = textOf(byId("card", wanted) ?? element);
  tellHistory();
  focusOn?.()?.focus({ preventScroll: true });
  if (focusOn) byId("card", wanted)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  focusOn = null;
}

function tellHistory() {
  const history = panel.querySelector(".details-history [hx-get]");
  if (history?.childElementCount) htmx.trigger(history, "renew");
}

function select() {
  for (const old of document.querySelectorAll("[data-ui-selected]")) {
    old.removeAttribute("data-ui-selected");
  }
  if (card) byId("card", card)?.setAttribute("data-ui-selected", "");
}

function close() {
  if (!panel.childElementCount) return;
  sendAll();
  const element = card && byId("card", card);
  card = null;
  select();
  panel.replaceChildren();
  if (element) focus(element, { preventScroll: true });
}

function firstScore() {
  for (const name of SCORES) {
    const fields = [...panel.querySelectorAll(`[data-field="${name}"]`)];
    const field = fields.find((one) => one.checked) ?? fields[0];
    if (field) return field;
  }
  return panel.querySelector("[data-field]");
}

/* --- changing -------------------------------------------------------------------------------- */

function valueOf(field) {
  const group = field.closest(".lifts");
  if (group) return [...group.querySelectorAll(":checked")].map(({ value }) => value).join(",");
  if (field.type === "checkbox") return field.checked ? "on" : "";
  return field.value;
}

const nameOf = (field) => field.closest("[data-field]")?.dataset.field;

function post(field) {
  const name = nameOf(field);
  clearTimeout(timers.get(name)?.timer);
  timers.delete(name);
  const element = byId("card", card);
  if (!element) return;
  const value = valueOf(field);
  if (name !== "text") return void edits.edit(element, { [name]: value }, { visit });
  if (value === text) return;
  edits.edit(element, { text: value, base: text }, { visit, words: value });
  text = value;
}

function sendAll() {
  for (const { field } of [...timers.values()]) post(field);
}

panel.addEventListener("input", ({ target }) => {
  const name = nameOf(target);
  if (!name || !canEdit) return;
  if (target.type === "range") {
    target.removeAttribute("data-unset");
    const output = target.parentNode.querySelector("output");
    if (output) output.textContent = target.value.replace("-", "−");
  } else if (name !== "tags" && target.matches("textarea, input:not([type='radio'], [type='checkbox'])")) {
    clearTimeout(timers.get(name)?.timer);
    timers.set(name, { field: target, timer: setTimeout(post, REST, target) });
  }
});
panel.addEventListener("change", ({ target }) => {
  if (nameOf(target) && canEdit) post(target);
});
addEventListener("pagehide", sendAll);

/* --- hands ----------------------------------------------------------------------------------- */

panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  close();
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close-panel]")) close();
  const link = target.closest("[data-act='go']");
  const element = link && byId("card", link.dataset.card);
  if (element) show(element);
});
/* Who may not write has no other use for a click. */
if (!canEdit) {
  map.addEventListener("click", ({ target }) => {
    const element = target.closest(CARD);
    if (element && !target.closest("button, a")) show(element);
  });
}
/* History and the bin come into the same panel. */
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-panel]")) return;
  sendAll();
  card = null;
  select();
});

document.addEventListener("live:drawn", () => {
  if (!card) return;
  const element = byId("card", card);
  const shown = shownCard();
  if (!element) return close();
  select();
  // A card that was just typed has its details once the server knows it.
  if (!shown || hex(shown.dataset.card) !== card) load("innerHTML");
  else if (shown.dataset.v !== element.dataset.v) load("innerMorph");
});

map.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) close();
});
