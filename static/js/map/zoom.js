/* How large the map is drawn: Ctrl+wheel, the menu of lanes, the palette. Kept in this browser for
   each map. Ctrl with + and − stays the browser's own. */
import { board, columns, map } from "./grid.js";

const NAME = `cjm:${map.dataset.actor}:${map.dataset.map}:zoom`;
const LEVELS = [0.25, 0.33, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
const FAR = 0.7; // below this a card is its marks and its first words
const main = board().parentElement;
const shown = document.querySelector("[data-zoom]");

const narrow = matchMedia("(width < 600px)"); // there one stage fills the screen

let zoom = 1;

/* What one pixel of the board is on the screen. */
export const scale = () => (narrow.matches ? 1 : zoom);

/* Lays an element that is zoomed with the board over a place in the window. */
export function lay(element, { left, top }) {
  element.style.transform = `translate(${left / scale()}px, ${top / scale()}px)`;
}

function set(next, { keep = true } = {}) {
  zoom = Math.min(LEVELS.at(-1), Math.max(LEVELS[0], next));
  document.documentElement.style.setProperty("--zoom", zoom);
  map.toggleAttribute("data-ui-far", zoom < FAR);
  shown.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(zoom);
  if (keep) remember();
  document.dispatchEvent(new CustomEvent("map:zoomed"));
}

function remember() {
  try {
    if (zoom === 1) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, zoom);
  } catch {
    // Then for this visit only.
  }
}

/* What lies under `at`, a place in the window, stays there. */
function to(next, at = middle()) {
  const { left, top } = main.getBoundingClientRect();
  const [x, y] = [at.x - left, at.y - top];
  const before = zoom;
  set(next);
  const grown = zoom / before;
  main.scrollTo({
    left: (main.scrollLeft + x) * grown - x,
    top: (main.scrollTop + y) * grown - y,
    behavior: "instant",
  });
}

function middle() {
  const { left, top, width, height } = main.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}

const larger = (at) => to(LEVELS.find((level) => level > zoom + 0.01) ?? zoom, at);
const smaller = (at) => to(LEVELS.findLast((level) => level < zoom - 0.01) ?? zoom, at);

/* All stages side by side, where that can still be read at all. */
function fit() {
  const style = getComputedStyle(map);
  const width = (name) => parseFloat(style.getPropertyValue(name));
  const all = width("--lane") + columns().length * width("--column");
  to(Math.min(1, Math.floor((100 * (main.clientWidth - 44)) / all) / 100));
  main.scrollTo({ left: 0, behavior: "instant" });
}

main.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    (event.deltaY < 0 ? larger : smaller)({ x: event.clientX, y: event.clientY });
  },
  { passive: false },
);
const ACTS = { "zoom-in": () => larger(), "zoom-out": () => smaller(), "zoom-whole": () => to(1), "zoom-fit": fit };
document.addEventListener("click", ({ target }) => ACTS[target.closest("[data-act]")?.dataset.act]?.());

function kept() {
  try {
    return Number(localStorage.getItem(NAME)) || 1;
  } catch {
    return 1;
  }
}

set(kept(), { keep: false });
