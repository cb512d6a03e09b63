/* The edits of a map by name: what is posted where, and how each is called in the list of what
   waits. All go through the queue. */
import { hex, uuid7 } from "../ids.js";
import { send } from "../queue.js";
import { nameOf, nounOf } from "./grid.js";
import { notice } from "./notices.js";
import { count, say } from "./words.js";

const pathOf = (part, verb = "") =>
  `${nounOf(part)}s/${part.dataset.id}/${verb && `${verb}/`}`;

function about(part, verb) {
  return { label: say(`did-${verb}`, { name: nameOf(part) }), card: hex(part.dataset.id) };
}

export function edit(part, fields, options = {}) {
  return send({ path: pathOf(part), fields, ...about(part, "edited"), ...options });
}

export function move(part, place) {
  return send({ path: pathOf(part, "move"), fields: place, ...about(part, "moved") });
}

export function remove(part) {
  return send({ path: pathOf(part, "delete"), ...about(part, "deleted") });
}

export function restore(part, fields = {}) {
  return send({ path: pathOf(part, "restore"), fields, ...about(part, "restored") });
}

export function duplicate(part) {
  return send({ path: pathOf(part, "duplicate"), fields: { id: uuid7() }, ...about(part, "copied") });
}

export function addCard(id, fields, options = {}) {
  const label = say("did-added", { name: fields.text ?? "" });
  return send({ path: "cards/", fields: { id, ...fields }, label, card: hex(id), ...options });
}

/* Several lines, each a card, as one change. */
export function addCards(place, lines) {
  const ids = lines.map(uuid7);
  const label = say("did-added", { name: lines.join(", ").slice(0, 60) });
  const words = lines.join("\n");
  send({ path: "cards/", fields: { id: ids, lines, ...place }, label, words, card: hex(ids[0]) });
  return ids;
}

/* --- several cards: one edit --- */

const idsOf = (cards) => cards.map(({ dataset }) => dataset.id);

function sendMany(ids, verb, label, fields) {
  const name = count("cards", ids.length);
  const onDone = ({ headers }) => {
    const missing = Number(headers.get("X-Missing"));
    if (missing) notice(say("missing", { cards: count("cards", missing) }));
  };
  send({ path: `cards/${verb}/`, fields, label: say(label, { name }), card: ids.map(hex), onDone });
}

/* `moves`: [{ cards: ids, stage, lane, after }], as together.js gives them. */
export function moveMany(moves) {
  const ids = moves.flatMap(({ cards }) => cards);
  if (ids.length) sendMany(ids, "move", "did-moved", { moves: JSON.stringify(moves) });
}

export function editMany(cards, fields) {
  sendMany(idsOf(cards), "edit", "did-edited", { cards: idsOf(cards).join(), ...fields });
}

/* Gives the ids of the copies. */
export function duplicateMany(cards) {
  const ids = cards.map(uuid7);
  const fields = { cards: idsOf(cards).join(), ids: ids.join() };
  sendMany(idsOf(cards), "duplicate", "did-copied", fields);
  return ids;
}

export function removeMany(cards) {
  sendMany(idsOf(cards), "delete", "did-deleted", { cards: idsOf(cards).join() });
}

/* The image itself was sent before (uploads.js). */
export function addImage(card, image, options = {}) {
  return send({ path: pathOf(card, "images"), fields: { image }, ...about(card, "edited"), ...options });
}

export function describeImage(card, image, alt) {
  const path = pathOf(card, `images/${image}/describe`);
  return send({ path, fields: { alt }, ...about(card, "edited"), words: alt });
}

export function removeImage(card, image) {
  return send({ path: pathOf(card, `images/${image}/remove`), ...about(card, "edited") });
}

/* `block` is what the server said of the pasted table (block.js). */
export const pasteBlock = (block, words, onDone) =>
  send({ path: "paste/", fields: { block }, label: say("did-pasted"), words, onDone });

export function add(noun, fields) {
  return send({
    path: `${noun}s/`,
    fields: { id: uuid7(), ...fields },
    label: say("did-added", { name: fields.name ?? "" }),
  });
}

export const divide = (stage, name) =>
  send({ path: pathOf(stage, "divide"), fields: { id: name.map(uuid7), name }, ...about(stage, "edited") });

export const editMap = (fields) => send({ path: "edit/", fields, label: say("did-map") });
export const setPersonas = (persona) =>
  send({ path: "personas/", fields: { persona }, label: say("did-map") });
export const choose = (conflict, choice, base) =>
  send({ path: `conflicts/${conflict}/`, fields: { choice, base }, label: say("did-chosen") });
export const undo = () => send({ path: "undo/", label: say("did-undo") });
export const redo = () => send({ path: "redo/", label: say("did-redo") });
