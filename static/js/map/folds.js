/* Lanes folded or hidden for oneself: kept in this browser per person and map, shown by CSS. */
import { LANE, board, lanes, map, rowOf } from "./grid.js";

const NAME = `cjm:${map.dataset.actor}:${map.dataset.map}:lanes`;
const menu = document.querySelector("#layers-menu [data-lanes]");
const STATES = { fold: "data-ui-folded", hide: "data-ui-hidden" };
let chosen = load(); // row id → "fold" or "hide"

function load() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

function set(id, how) {
  if (how) chosen[id] = how;
  else delete chosen[id];
  try {
    localStorage.setItem(NAME, JSON.stringify(chosen));
  } catch {
    // Then for this visit only.
  }
  show();
}

function show() {
  for (const lane of lanes()) {
    const row = rowOf(lane);
    for (const [how, state] of Object.entries(STATES)) {
      row.toggleAttribute(state, chosen[row.id] === how);
    }
  }
  const shown = lanes().filter((lane) => chosen[rowOf(lane).id] !== "hide").length;
  const words = board().querySelector("[data-lanes-shown]");
  const text = shown === lanes().length ? `${shown}` : `${shown}/${lanes().length}`;
  if (words && words.textContent !== text) words.textContent = text;
}

function fillMenu() {
  const items = lanes().map((lane) => {
    const item = document.getElementById("lane-shown").content.firstElementChild.cloneNode(true);
    item.querySelector("span").textContent = lane.dataset.name;
    item.dataset.row = rowOf(lane).id;
    item.setAttribute("aria-checked", String(chosen[item.dataset.row] !== "hide"));
    return item;
  });
  menu.replaceChildren(...items);
}

const ACTS = {
  "show-lane"(item) {
    set(item.dataset.row, chosen[item.dataset.row] === "hide" ? null : "hide");
    item.setAttribute("aria-checked", String(chosen[item.dataset.row] !== "hide"));
  },
  "show-all-lanes"() {
    chosen = {};
    set("", null);
  },
};

export function toggle(lane, how) {
  const { id } = rowOf(lane);
  set(id, chosen[id] === how ? null : how);
}

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-act]");
  if (ACTS[item?.dataset.act]) ACTS[item.dataset.act](item);
});
/* A folded lane opens where it is clicked. */
map.addEventListener("click", ({ target }) => {
  const folded = target.closest(`[${STATES.fold}] ${LANE}`);
  if (folded && !target.closest("button")) toggle(folded, "fold");
});
document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (target.id === "layers-menu" && newState === "open") fillMenu();
}, true);
document.addEventListener("live:drawn", show);
show();
