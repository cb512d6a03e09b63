/* What this person's browser keeps for a map or a workshop: the edits that wait, and a few lists.

   Each waiting edit lies under a name of its own, sorted by when it was made: two tabs that read one
   list and wrote it back would lose each other's edits. What the browser has no room for is kept in
   this page only, and `isFull()` says that closing it would lose it. */
const place = document.querySelector("[data-actor][data-map]");
const NAME = `cjm:${place.dataset.actor}:${place.dataset.map}`;
const EDITS = `${NAME}:edit:`;
const memory = new Map(); // where the browser's storage is full or forbidden
let latest = 0;

function load(name) {
  try {
    return JSON.parse(memory.get(name) ?? localStorage.getItem(name));
  } catch {
    return null;
  }
}

function keep(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(name, text);
    memory.delete(name);
  } catch {
    memory.set(name, text);
  }
}

function forget(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

function names() {
  try {
    return [...new Set([...Object.keys(localStorage), ...memory.keys()])];
  } catch {
    return [...memory.keys()];
  }
}

/* --- edits ----------------------------------------------------------------------------------- */

const nameOf = ({ at, key }) => `${EDITS}${at}:${key}`;

/* In the order they were made, whichever tab made them. */
export const edits = () =>
  names().filter((name) => name.startsWith(EDITS)).sort().map(load).filter(Boolean);

/* No two edits of this tab are of the same moment. */
export const moment = () => (latest = Math.max(Date.now(), latest + 1));
export const keepEdit = (edit) => keep(nameOf(edit), edit);
export const forgetEdit = (edit) => forget(nameOf(edit));

/* --- lists ----------------------------------------------------------------------------------- */

export const list = (name) => load(`${NAME}:${name}`) ?? [];
export const keepList = (name, value) => keep(`${NAME}:${name}`, value);

/* Edits or words that only this page holds. */
export const isFull = () =>
  [...memory.keys()].some((name) => name.startsWith(EDITS) || name === `${NAME}:refused`);

/* `changed(what)` when another tab changed an edit or a list: "edit", "refused" … */
export function watch(changed) {
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(`${NAME}:`)) changed(key.slice(NAME.length + 1).split(":")[0]);
  });
}
