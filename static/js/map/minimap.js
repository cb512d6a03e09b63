/* The curve in the corner is a small map of the stages: its window shows what is in view, and a click
   goes there. On a phone, where one stage is shown at a time, it, dots and a swipe turn the page. */
import { STAGE, board, columns, map } from "./grid.js";
import { scale } from "./zoom.js";

const UNIT = 100; // of the drawing, a stage
const SWIPE = 60;
const main = board().parentElement;
const narrow = matchMedia("(width < 600px)");

const shownStage = () => Number(map.dataset.uiStage ?? 1);

function show() {
  for (const dot of board().querySelectorAll("[data-act='go-stage']")) {
    if (Number(dot.dataset.number) === shownStage()) dot.setAttribute("aria-current", "step");
    else dot.removeAttribute("aria-current");
  }
  const seen = board().querySelector("[data-minimap-window]");
  const all = columns();
  if (!seen || !all.length) return;
  const lane = scale() * (board().querySelector("[role='rowheader']")?.offsetWidth ?? 0);
  const wide = scale() * (all.at(-1).offsetLeft + all.at(-1).offsetWidth - all[0].offsetLeft);
  const total = all.length * UNIT;
  const [from, share] = narrow.matches
    ? [(shownStage() - 1) / all.length, 1 / all.length]
    : [main.scrollLeft / wide, (main.clientWidth - lane) / wide];
  seen.setAttribute("x", from * total);
  seen.setAttribute("width", Math.min(share, 1 - from) * total);
}

export function goTo(number) {
  const all = columns();
  const stage = all[number - 1];
  if (!stage) return;
  map.dataset.uiStage = number;
  if (!narrow.matches) stage.scrollIntoView({ block: "nearest", inline: "center" });
  show();
}

map.addEventListener("click", (event) => {
  const dot = event.target.closest("[data-act='go-stage']");
  if (dot) goTo(Number(dot.dataset.number));
  const drawing = event.target.closest("[data-minimap]");
  if (!drawing) return;
  const { left, width } = drawing.getBoundingClientRect();
  goTo(Math.ceil(((event.clientX - left) / width) * columns().length) || 1);
});

let touched = null;
main.addEventListener("touchstart", ({ touches: [one], target }) => {
  const free = narrow.matches && !target.closest("[data-face], textarea, input");
  touched = free ? { x: one.clientX, y: one.clientY } : null;
}, { passive: true });
main.addEventListener("touchend", ({ changedTouches: [one] }) => {
  if (!touched) return;
  const [x, y] = [one.clientX - touched.x, one.clientY - touched.y];
  touched = null;
  if (Math.abs(x) < SWIPE || Math.abs(x) < 2 * Math.abs(y)) return;
  goTo(Math.max(1, Math.min(columns().length, shownStage() - Math.sign(x))));
}, { passive: true });

/* Whoever walks with the keyboard turns the page too. */
map.addEventListener("focusin", ({ target }) => {
  const column = target.closest(`[role='gridcell'], ${STAGE}`)?.getAttribute("aria-colindex");
  if (narrow.matches && column) goTo(Number(column) - 1);
});
main.addEventListener("scroll", show, { passive: true });
addEventListener("resize", show);
document.addEventListener("map:zoomed", show);
document.addEventListener("live:drawn", show);
show();
