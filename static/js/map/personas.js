/* Whose cards are shown: a chip of the header, or a line of the menu of lanes, leaves one persona's
   cards and those about all. Kept in this browser per person and map, shown by CSS. */
import { board, map } from "./grid.js";
import { say, speak } from "./words.js";

const NAME = `cjm:${map.dataset.actor}:${map.dataset.map}:persona`;
const menu = document.querySelector("#layers-menu [data-whose-cards]");
const chips = () => [...document.querySelectorAll("[data-filter-persona]")];
let chosen = load();

function load() {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function choose(persona) {
  chosen = persona === chosen ? "" : persona;
  try {
    localStorage.setItem(NAME, chosen);
  } catch {
    // Then for this visit only.
  }
  show();
  const chip = chips().find(({ dataset }) => dataset.filterPersona === chosen);
  speak(chip ? say("only-persona", { name: nameOf(chip) }) : say("all-personas"));
}

const nameOf = (chip) => chip.lastChild.textContent;

function show() {
  const known = chips().map(({ dataset }) => dataset.filterPersona);
  const one = known.includes(chosen) ? chosen : "";
  for (const chip of chips()) chip.setAttribute("aria-pressed", String(chip.dataset.filterPersona === one));
  for (const part of board().querySelectorAll("[data-persona], [data-whose]")) {
    const { persona, whose: ids = persona } = part.dataset;
    const whose = ids.split(" ").filter((id) => known.includes(id));
    part.toggleAttribute("data-ui-other", Boolean(one && whose.length && !whose.includes(one)));
  }
  board().toggleAttribute("data-ui-filtered", Boolean(one));
}

function fillMenu() {
  const items = chips().map((chip) => {
    const item = document.getElementById("lane-shown").content.firstElementChild.cloneNode(true);
    item.querySelector("span").textContent = nameOf(chip);
    item.dataset.act = "show-persona";
    item.dataset.of = chip.dataset.filterPersona;
    return item;
  });
  menu.replaceChildren(...items);
  menu.hidden = menu.nextElementSibling.hidden = !items.length;
  check();
}

function check() {
  for (const item of menu.children) {
    item.setAttribute("aria-checked", String(item.dataset.of === chosen));
  }
}

document.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-filter-persona]");
  const item = target.closest("[data-act='show-persona']");
  if (!chip && !item) return;
  choose(chip?.dataset.filterPersona ?? item.dataset.of);
  check();
});
document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (target.id === "layers-menu" && newState === "open") fillMenu();
}, true);
document.addEventListener("live:drawn", show);
show();
