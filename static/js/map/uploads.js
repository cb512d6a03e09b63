/* Images on their way to the server. A file is too large for the storage of the queue: it lies in
   IndexedDB until the server has it, and survives a dead network, a reload and a closed tab. Then
   the edit that puts it onto its card joins the queue. Each image has its id from here, so that
   sending it twice does no harm. */
import { hex, uuid7 } from "../ids.js";
import * as queue from "../queue.js";
import { sentence } from "../sentence.js";
import { token } from "../signal.js";
import * as edits from "./edits.js";
import { byId, cellAt, map, rowOf } from "./grid.js";
import { notice } from "./notices.js";
import { say } from "./words.js";

const OWNER = `${map.dataset.actor}:${map.dataset.map}`;
const TIMEOUT = 120_000;
const RETRY = 5_000;
const MOST = 4; // of a card
const HEAVY = 4 * 1024 * 1024; // is made smaller before it is sent
const LONGEST = 2560;
const LONGEST_SHOWN = 480;

/* id → { id, owner, file, name, preview, card, place, at }: `place` if the card comes with it.
   And of this page alone: element, sent, unkept. */
const there = new Map();
let pumping = false;
let stuck = false;
let timer;

const all = () => [...there.values()];
export const isStuck = () => stuck;

/* What is not sent yet, as edits of the queue look. */
export function waiting() {
  return all()
    .filter(({ sent }) => !sent)
    .map(({ name, card, place, at }) => ({
      path: place ? "cards/" : `cards/${card}/images/`,
      fields: place ? { id: card, ...place, text: "" } : {},
      label: say("did-image", { name }),
      card: hex(card),
      at,
    }));
}

/* --- what is kept ---------------------------------------------------------------------------- */

function files(mode, act) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("cjm-images", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files", { keyPath: "id" });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const work = database.transaction("files", mode);
      const asked = act(work.objectStore("files"));
      work.oncomplete = () => done(asked.result);
      work.onabort = () => fail(work.error);
      work.addEventListener("complete", () => database.close());
    };
  });
}

async function keep(entry) {
  const { element, sent, unkept, ...kept } = entry;
  try {
    await files("readwrite", (store) => store.put(kept));
  } catch {
    entry.unkept = true; // no room, or a private window
  }
}

async function forget(entry) {
  if (!entry.unkept) await files("readwrite", (store) => store.delete(entry.id)).catch(() => {});
}

const isKept = async ({ id, unkept }) =>
  unkept || (await files("readonly", (store) => store.count(id)).catch(() => 1)) > 0;

/* --- joining --------------------------------------------------------------------------------- */

/* `card` is the id of a card that is there, or will be; with `place` it is made for the images. */
export async function add(chosen, { card = uuid7(), place = null }) {
  const has = byId("card", card)?.querySelectorAll(".card-images > img").length ?? 0;
  const images = chosen.filter(({ type }) => type.startsWith("image/") && type !== "image/svg+xml");
  if (images.length < chosen.length) notice(say("image-unknown"), { bad: true });
  if (has + images.length > MOST) notice(say("images-most"), { bad: true });
  for (const file of images.slice(0, MOST - has)) {
    const entry = { id: uuid7(), owner: OWNER, file, name: file.name, card, place, at: Date.now() };
    place = null;
    there.set(entry.id, entry);
    tell();
    Object.assign(entry, await prepared(file));
    await keep(entry);
    tell();
  }
  if (images.length) pump();
}

/* A picture to be shown meanwhile, and a lighter file in place of a heavy one. */
async function prepared(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const preview = canvasOf(bitmap, LONGEST_SHOWN).toDataURL("image/jpeg", 0.8);
    if (file.size < HEAVY || file.type === "image/png") return { preview };
    const light = await new Promise((done) =>
      canvasOf(bitmap, LONGEST).toBlob(done, "image/jpeg", 0.92),
    );
    return light ? { preview, file: light } : { preview };
  } catch {
    return {}; // the server may know it, or will say that it doesn't
  }
}

function canvasOf(bitmap, longest) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/* --- leaving --------------------------------------------------------------------------------- */

async function pump() {
  if (pumping) return;
  clearTimeout(timer);
  pumping = true;
  let entry;
  let delivered = true;
  while (delivered && (entry = all().find(({ sent }) => !sent))) {
    delivered = queue.lead() && (await deliver(entry));
  }
  pumping = false;
  if (!delivered) timer = setTimeout(pump, RETRY);
}

/* Whether it has left: on its way in the queue, or refused. */
async function deliver(entry) {
  if (!(await isKept(entry))) return drop(entry); // another tab has sent it
  let answer;
  let text;
  try {
    answer = await post(entry);
    text = await answer.text();
  } catch {
    return wait(entry);
  }
  const { status } = answer;
  if (status === 401 || answer.type === "opaqueredirect" || status === 429 || status >= 500) {
    return wait(entry);
  }
  stuck = false;
  if (answer.ok) attach(entry);
  else refuse(entry, sentence(text));
  await forget(entry);
  tell();
  return true;
}

function post({ id, file }) {
  const body = new FormData();
  body.append("id", id);
  body.append("file", file, "image");
  return fetch("images/", {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT),
  });
}

function wait(entry) {
  if (entry.unkept && !stuck) notice(say("image-unkept"), { key: "unkept", bad: true, stays: true });
  stuck = true;
  tell();
  return false;
}

function attach(entry) {
  const { id, card, place } = entry;
  const onRefused = () => void drop(entry);
  entry.sent = true;
  if (place) {
    const cell = cellAt(place);
    const feeling = cell && rowOf(cell).dataset.content === "emotion" ? { emotion: 0 } : {};
    edits.addCard(card, { ...place, ...feeling, text: "", images: id }, { onRefused });
  } else {
    const part = byId("card", card) ?? { id: `card-${hex(card)}`, dataset: { id: card, name: "" } };
    edits.addImage(part, id, { onRefused });
  }
}

function refuse(entry, reason) {
  const { name, card, place } = entry;
  notice([name, reason || say("not-saved")].filter(Boolean).join(" — "), { bad: true });
  const next = all().find((other) => other !== entry && other.card === card);
  if (place && next) Object.assign(next, { place });
  drop(entry);
}

function drop(entry) {
  entry.element?.remove();
  there.delete(entry.id);
  tell();
  return true;
}

/* --- showing --------------------------------------------------------------------------------- */

/* Each on its card, until the server's drawing has it. */
function show() {
  for (const image of document.querySelectorAll("img[data-ui-sending][data-image]")) {
    image.removeAttribute("data-ui-sending"); // the morph took ours for the server's
  }
  for (const entry of all()) {
    const card = byId("card", entry.card);
    if (!card) continue;
    if (card.querySelector(`[data-image="${entry.id}"]`)) {
      if (!entry.element?.dataset.image) entry.element?.remove();
      there.delete(entry.id);
    } else listOf(card).append((entry.element ??= document.createElement("img")));
    if (there.has(entry.id)) dress(entry);
  }
}

function dress({ element, preview, name }) {
  element.setAttribute("data-ui-sending", "");
  element.alt = name;
  if (preview && element.src !== preview) element.src = preview;
}

function listOf(card) {
  const list = card.querySelector(".card-images");
  if (list) return list;
  const made = Object.assign(document.createElement("div"), { className: "card-images" });
  card.append(made);
  return made;
}

const tell = () => document.dispatchEvent(new CustomEvent("queue:changed"));

/* Behind pending.js, which makes the cards that are to come. */
queueMicrotask(() => {
  document.addEventListener("queue:changed", show);
  document.addEventListener("live:drawn", show);
});

export function retry() {
  if (waiting().length) pump();
}

addEventListener("online", retry);
document.addEventListener("live:state", ({ detail }) => {
  if (detail === "open") retry();
});
addEventListener("beforeunload", (event) => {
  if (all().some(({ sent, unkept }) => unkept && !sent)) event.preventDefault();
});

files("readonly", (store) => store.getAll()).then(
  (kept) => {
    for (const entry of kept) if (entry.owner === OWNER) there.set(entry.id, entry);
    if (there.size) tell();
    retry();
  },
  () => {},
);
