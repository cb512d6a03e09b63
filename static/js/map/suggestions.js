/* While a new touchpoint is typed, the catalogue offers its own below the editor. The list comes
   once, from #map data-catalogue: [{key, name, channel, mode}] in the map's language. */
import { get } from "../live.js";
import { map } from "./grid.js";
import { say } from "./words.js";

const MOST = 6;
const list = document.getElementById("suggestions");
let catalogue = null;
let field = null;
let chosen = null;
let shown = [];
let at = -1;

export async function open(textarea, wanted, choose) {
  close();
  if (!wanted || !map.dataset.catalogue) return;
  [field, chosen] = [textarea, choose];
  catalogue ??= get(map.dataset.catalogue).then((answer) => (answer.ok ? answer.json() : []));
  try {
    const found = await catalogue;
    if (field === textarea) narrow(textarea.value, found);
  } catch {
    catalogue = null; // asked for again with the next card
  }
}

export function close() {
  field?.removeAttribute("aria-activedescendant");
  [field, chosen, shown, at] = [null, null, [], -1];
  list.hidden = true;
}

export async function narrow(text, found) {
  found ??= field && (await catalogue);
  if (!field || !found) return;
  const typed = text.trim().toLocaleLowerCase();
  const fitting = ({ name }) => wordsOf(name).some((word) => word.startsWith(typed));
  shown = [...(typed ? found.filter(fitting).slice(0, MOST) : []), { name: say("whole-catalogue"), isCatalogue: true }];
  draw();
}

/* The name itself and what begins at each of its words. */
function wordsOf(name) {
  const low = name.toLocaleLowerCase();
  return [low, ...[...low.matchAll(/[\s(/-]+/g)].map(({ 0: sign, index }) => low.slice(index + sign.length))];
}

function draw() {
  at = -1;
  list.replaceChildren(
    ...shown.map(({ name, isCatalogue }, index) => {
      const option = document.createElement("li");
      option.toggleAttribute("data-catalogue", Boolean(isCatalogue));
      Object.assign(option, { id: `suggestion-${index}`, role: "option", textContent: name });
      option.dataset.index = index;
      return option;
    }),
  );
  list.hidden = !shown.length;
  mark();
}

function mark() {
  [...list.children].forEach((option, index) => {
    option.setAttribute("aria-selected", String(index === at));
  });
  if (at < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `suggestion-${at}`);
}

function pick(index) {
  const item = shown[index];
  const choose = chosen;
  close();
  choose(item);
}

/* Takes the keys that walk through the list; Enter only once something in it is marked. */
export function take(event) {
  if (!shown.length) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) at = (at + step + shown.length + 1) % (shown.length + 1);
  if (step && at === shown.length) at = -1;
  if (step) mark();
  else if (event.key === "Enter" && at >= 0) pick(at);
  else if (event.key === "Escape" && shown.length > 1) close();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

list.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // the field keeps the focus
  const option = event.target.closest("[data-index]");
  if (option) pick(Number(option.dataset.index));
});
