/* What the map may be filtered by: tags, colours, who is responsible, open barriers. Cards have to fit one
   choice of each kind. Kept in this browser per person and map. A colour is listed with the tags that
   come with it most: so the team sees what it stands for. */
import { CARD, board, map } from "./grid.js";
import { filterBy } from "./filter.js";
import { tagsOf, used } from "./tags.js";
import { count } from "./words.js";

const NAME = `cjm:${map.dataset.actor}:${map.dataset.map}:filter`;
const menu = document.getElementById("filter-menu");
const openers = document.querySelectorAll("[data-filter-opener]");
const MOST_TAGS = 3; // told beside a colour

const one = (value) => (value ? [value] : []);
const KINDS = {
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

function keep() {
  try {
    localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // Then for this visit only.
  }
}

const fits = (card) =>
  Object.entries(chosen).every(([kind, values]) => KINDS[kind](card).some((value) => values.includes(value)));

function apply() {
  filterBy("marks", Object.keys(chosen).length ? fits : null);
}

function toggle(kind, value) {
  const values = new Set(chosen[kind]);
  if (!values.delete(value)) values.add(value);
  if (values.size) chosen[kind] = [...values];
  else delete chosen[kind];
  keep();
  apply();
}

/* --- the menu -------------------------------------------------------------------------------- */

function chip(kind, value, times) {
  const button = document.getElementById("filter-chip").content.firstElementChild.cloneNode(true);
  Object.assign(button.dataset, { filter: kind, value });
  const name = menu.querySelector(`[data-name-of="${kind}"][data-value="${CSS.escape(value)}"]`);
  button.querySelector("[data-name]").textContent = name?.textContent ?? value;
  button.querySelector(".count").textContent = times;
  button.setAttribute("aria-pressed", String(chosen[kind]?.includes(value) ?? false));
  if (kind !== "color") button.querySelector(".swatch-dot").remove();
  else {
    button.querySelector(".swatch-dot").classList.add(`color-${value}`);
    const cards = [...board().querySelectorAll(`${CARD}[data-color="${value}"]`)];
    const often = used(tagsOf, cards).slice(0, MOST_TAGS).map(([tag]) => tag);
    button.querySelector("[data-about]").textContent = often.join(", ");
  }
  return button;
}

function fill() {
  let any = false;
  for (const group of menu.querySelectorAll("[data-filter-kind]")) {
    const kind = group.dataset.filterKind;
    const found = new Map(used(KINDS[kind]));
    // What was chosen can be taken back though no card has it any more.
    for (const value of chosen[kind] ?? []) if (!found.has(value)) found.set(value, 0);
    const chips = [...found].map(([value, times]) => chip(kind, value, times));
    group.querySelector("[data-chips]").replaceChildren(...chips);
    group.hidden = !chips.length;
    any ||= chips.length > 0;
  }
  menu.querySelector("[data-no-marks]").hidden = any;
}

function tell() {
  const all = [...board().querySelectorAll(CARD)];
  const kept = all.filter((card) => !card.hasAttribute("data-ui-dimmed"));
  const on = Object.keys(chosen).length > 0;
  menu.querySelector("[data-filter-none]").hidden = !on;
  menu.querySelector("[data-kept]").textContent = on ? count("cards", kept.length) : "";
  for (const opener of openers) opener.toggleAttribute("data-ui-on", on);
}

menu.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-filter]");
  if (button) {
    toggle(button.dataset.filter, button.dataset.value);
    button.setAttribute("aria-pressed", String(chosen[button.dataset.filter]?.includes(button.dataset.value) ?? false));
  } else if (target.closest("[data-filter-none]")) {
    chosen = {};
    keep();
    apply();
    fill();
  }
});
menu.addEventListener("beforetoggle", ({ newState }) => newState === "open" && fill());
document.addEventListener("filter:changed", tell);
if (Object.keys(chosen).length) apply();
