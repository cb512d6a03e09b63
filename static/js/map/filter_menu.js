/* The menu of the filter, and the personas' chips of the header, which are a short way to it. A colour is
   listed with the tags that come with it most: so the team sees what it stands for. */
import { CARD, board } from "./grid.js";
import { KINDS, choose, clear, isChosen, isOn, valuesOf } from "./filter.js";
import { tagsOf, used } from "./tags.js";
import { count, say, speak } from "./words.js";

const menu = document.getElementById("filter-menu");
const openers = document.querySelectorAll("[data-filter-opener]");
const MOST_TAGS = 3; // told beside a colour

const personaChips = () => [...document.querySelectorAll("[data-filter-persona]")];

function nameOf(kind, value) {
  if (kind === "persona") {
    return personaChips().find(({ dataset }) => dataset.filterPersona === value)?.title ?? value;
  }
  return menu.querySelector(`[data-name-of="${kind}"][data-value="${CSS.escape(value)}"]`)?.textContent ?? value;
}

function chip(kind, value, times) {
  const button = document.getElementById("filter-chip").content.firstElementChild.cloneNode(true);
  Object.assign(button.dataset, { filter: kind, value });
  button.querySelector("[data-name]").textContent = nameOf(kind, value);
  button.querySelector(".count").textContent = times;
  button.setAttribute("aria-pressed", String(isChosen(kind, value)));
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
    for (const value of valuesOf(kind)) if (!found.has(value)) found.set(value, 0);
    const chips = [...found].map(([value, times]) => chip(kind, value, times));
    group.querySelector("[data-chips]").replaceChildren(...chips);
    group.hidden = !chips.length;
    any ||= chips.length > 0;
  }
  menu.querySelector("[data-no-marks]").hidden = any;
}

const kept = () => count("cards", board().querySelectorAll(`${CARD}:not([data-ui-dimmed])`).length);

function show() {
  menu.querySelector("[data-filter-none]").hidden = !isOn();
  menu.querySelector("[data-kept]").textContent = isOn() ? kept() : "";
  for (const opener of openers) opener.toggleAttribute("data-ui-on", isOn());
  for (const one of personaChips()) {
    one.setAttribute("aria-pressed", String(isChosen("persona", one.dataset.filterPersona)));
  }
}

const tell = () => speak(isOn() ? say("shown", { cards: kept() }) : say("all-shown"));

/* One more of the kind, or one less. */
function toggle({ dataset: { filter: kind, value } }) {
  const values = new Set(valuesOf(kind));
  if (!values.delete(value)) values.add(value);
  choose(kind, [...values]);
}

document.addEventListener("click", ({ target }) => {
  const persona = target.closest("[data-filter-persona]");
  const button = target.closest("#filter-menu [data-filter]");
  if (persona) {
    const { filterPersona: id } = persona.dataset;
    choose("persona", isChosen("persona", id) ? [] : [id]); // that one alone, or all
  } else if (button) {
    toggle(button);
    button.setAttribute("aria-pressed", String(isChosen(button.dataset.filter, button.dataset.value)));
  } else if (target.closest("[data-filter-none]")) {
    clear();
    fill();
  } else return;
  tell();
});
menu.addEventListener("beforetoggle", ({ newState }) => newState === "open" && fill());
document.addEventListener("filter:changed", show);
show();
