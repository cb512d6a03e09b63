/* What this reader looks at: tags, colours, personas, who is responsible, open barriers. Cards have to fit
   one choice of each kind; the others fade (`data-ui-dimmed`), as do the lines of other personas'
   feelings, and nothing moves. Kept in this browser per person and map. Tells the document
   "filter:changed". */
import { CARD, board, map } from "./grid.js";
import { tagsOf } from "./tags.js";

const NAME = `cjm:${map.dataset.actor}:${map.dataset.map}:filter`;
const one = (value) => (value ? [value] : []);

let personas = []; // of this map, where it has several

/* What is about nobody of this map is about all. */
function whose({ dataset: { persona = "", whose: ids = persona } }) {
  const its = ids.split(" ").filter((id) => personas.includes(id));
  return its.length ? its : personas;
}

export const KINDS = {
  persona: whose,
  tag: tagsOf,
  color: ({ dataset }) => one(dataset.color),
  owner: ({ dataset }) => one(dataset.owner),
  open: ({ dataset }) => one(dataset.content === "barrier" && dataset.status !== "closed" && "yes"),
};
let chosen = load(); // kind → values

function load() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

/* A persona that has left the map is asked for no more. */
export const valuesOf = (kind) => {
  const values = chosen[kind] ?? [];
  return kind === "persona" ? values.filter((id) => personas.includes(id)) : values;
};

export const isChosen = (kind, value) => valuesOf(kind).includes(value);

export function choose(kind, values) {
  change({ ...chosen, [kind]: values });
}

export const clear = () => change({});

function change(next) {
  chosen = next;
  try {
    localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // Then for this visit only.
  }
  show();
}

export const isOn = () => Object.keys(KINDS).some((kind) => valuesOf(kind).length);

function show() {
  const chips = document.querySelectorAll("[data-filter-persona]");
  personas = [...chips].map(({ dataset }) => dataset.filterPersona);
  const asked = Object.keys(KINDS).filter((kind) => valuesOf(kind).length);
  const fits = (part, kind) => KINDS[kind](part).some((value) => valuesOf(kind).includes(value));
  for (const card of board().querySelectorAll(CARD)) {
    card.toggleAttribute("data-ui-dimmed", !asked.every((kind) => fits(card, kind)));
  }
  for (const line of board().querySelectorAll("[data-whose]")) {
    line.toggleAttribute("data-ui-dimmed", asked.includes("persona") && !fits(line, "persona"));
  }
  document.dispatchEvent(new CustomEvent("filter:changed"));
}

document.addEventListener("live:drawn", show);
show();
