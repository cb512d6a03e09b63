/* What waits in the queue is shown as if it had happened, and marked while the network is away.
   Shown again after each redrawing, until the server's answer takes its place. */
import { hex } from "../ids.js";
import { current, waiting } from "../queue.js";
import { byId, cellAt, map, put, rowOf } from "./grid.js";
import * as uploads from "./uploads.js";

const STATES = ["data-ui-waiting", "data-ui-gone"];

function show() {
  const queue = [...waiting(), ...uploads.waiting()];
  const marks = !["saved", "saving"].includes(current()) || uploads.isStuck();
  map.toggleAttribute("data-ui-pending", queue.length > 0);
  for (const state of STATES) {
    for (const card of document.querySelectorAll(`[${state}]`)) card.removeAttribute(state);
  }
  const wanted = new Set(queue.filter(({ path }) => path === "cards/").flatMap(idsOf).map(hex));
  for (const card of document.querySelectorAll("[data-ui-provisional]")) {
    // Answered (the morph gave it a version), or given up.
    if (card.dataset.v) card.removeAttribute("data-ui-provisional");
    else if (!wanted.has(hex(card.dataset.id))) card.remove();
  }
  for (const edit of queue) {
    overlay(edit);
    for (const id of marks && edit.card ? [edit.card].flat() : []) {
      byId("card", id)?.setAttribute("data-ui-waiting", "");
    }
  }
}

const idsOf = ({ fields }) => [fields.id].flat();

function overlay(edit) {
  const [noun, id, verb, image, what] = edit.path.split("/");
  if (noun !== "cards") return;
  if (!id) return added(edit.fields);
  if (MANY[id]) return MANY[id](edit.fields);
  const card = byId("card", id);
  if (!card) return;
  if (!verb && "text" in edit.fields) write(card, edit.fields.text);
  else if (verb === "move") put(card, edit.fields);
  else if (verb === "delete") card.setAttribute("data-ui-gone", "");
  else if (what === "remove") card.querySelector(`[data-image="${image}"]`)?.remove();
  else if (what === "describe") {
    card.querySelector(`[data-image="${image}"]`)?.setAttribute("alt", edit.fields.alt);
  }
}

const MANY = {
  move({ moves }) {
    for (const { cards, after, ...cell } of JSON.parse(moves)) {
      let behind = after;
      for (const id of cards) {
        const card = byId("card", id);
        if (card) put(card, { ...cell, after: behind });
        behind = id;
      }
    }
  },
  delete({ cards }) {
    for (const id of cards.split(",")) byId("card", id)?.setAttribute("data-ui-gone", "");
  },
};

function added(fields) {
  const cell = cellAt(fields);
  if (!cell) return;
  let { after } = fields;
  idsOf({ fields }).forEach((id, index) => {
    if (!byId("card", id)) {
      const card = document.createElement("article");
      card.className = `card card-${rowOf(cell).dataset.content}`;
      card.id = `card-${hex(id)}`;
      card.tabIndex = -1;
      card.dataset.id = id;
      card.dataset.uiProvisional = "";
      card.append(Object.assign(document.createElement("p"), { className: "card-words" }));
      put(card, { ...fields, after });
      write(card, fields.lines?.[index] ?? fields.text);
    }
    after = id;
  });
}

function write(card, text) {
  if (card.dataset.text === text) return;
  card.dataset.text = text;
  const words = card.querySelector(".card-words");
  if (words) words.textContent = text;
}

document.addEventListener("queue:changed", show);
document.addEventListener("live:drawn", show);
