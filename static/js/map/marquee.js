/* A rectangle drawn with the mouse from an empty place of the board chooses the cards it touches; with
   Shift or Ctrl they join those chosen before. A click without a movement stays a click. */
import { swallowNextClick } from "./clicks.js";
import { scrollNear } from "./edges.js";
import * as grid from "./grid.js";
import { choose, isFree, selected } from "./select.js";

const THRESHOLD = 6;
const NOT_EMPTY = `${grid.PART}, button, a, input, textarea, .heads, .pile-head, [data-face]`;
const rectangle = document.createElement("div");
rectangle.className = "marquee";

let drawn = null; // { pointerId, from: point of the board, x, y, before: ids, isOpen }

const main = () => grid.board().parentElement;

/* Where the pointer is on the board, however far that is scrolled. */
function onBoard(x, y) {
  const { left, top } = grid.board().getBoundingClientRect();
  return { x: x - left, y: y - top };
}

document.addEventListener("pointerdown", (event) => {
  const { target, button, pointerType, pointerId, clientX: x, clientY: y } = event;
  if (button || pointerType !== "mouse" || !main().contains(target) || target.closest(NOT_EMPTY)) return;
  if (x > main().getBoundingClientRect().left + main().clientWidth) return; // the scroll bar
  const keeps = event.shiftKey || event.ctrlKey || event.metaKey;
  const before = keeps ? selected().map(({ id }) => id) : [];
  drawn = { pointerId, from: onBoard(x, y), startX: x, startY: y, x, y, before, isOpen: false };
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drawn?.pointerId) return;
  const { clientX: x, clientY: y } = event;
  const far = Math.hypot(x - drawn.startX, y - drawn.startY) > THRESHOLD;
  if (!drawn.isOpen && !far) return;
  Object.assign(drawn, { x, y });
  if (!drawn.isOpen) begin();
  draw();
});

function begin() {
  drawn.isOpen = true;
  grid.map.append(rectangle);
  grid.map.setAttribute("data-ui-drawing", "");
  grid.map.setPointerCapture(drawn.pointerId);
  getSelection().removeAllRanges();
  requestAnimationFrame(follow);
}

function follow() {
  if (!drawn?.isOpen) return;
  if (scrollNear(drawn.x, drawn.y)) draw();
  requestAnimationFrame(follow);
}

function draw() {
  const { left, top } = grid.board().getBoundingClientRect();
  const [x, y] = [drawn.from.x + left, drawn.from.y + top];
  const box = {
    left: Math.min(x, drawn.x),
    top: Math.min(y, drawn.y),
    right: Math.max(x, drawn.x),
    bottom: Math.max(y, drawn.y),
  };
  rectangle.style.transform = `translate(${box.left}px, ${box.top}px)`;
  rectangle.style.width = `${box.right - box.left}px`;
  rectangle.style.height = `${box.bottom - box.top}px`;
  choose([...drawn.before, ...within(box)], { quietly: true });
}

/* Row by row and cell by cell, so that only cards near the rectangle are measured. */
function within(box) {
  const touches = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return left < box.right && right > box.left && top < box.bottom && bottom > box.top;
  };
  return grid
    .lanes()
    .map(grid.rowOf)
    .filter(touches)
    .flatMap(grid.cellsOf)
    .filter(touches)
    .flatMap(grid.cardsOf)
    .filter((card) => touches(card) && isFree(card))
    .map(({ id }) => id);
}

function end() {
  const done = drawn;
  drawn = null;
  if (!done?.isOpen) return;
  rectangle.remove();
  grid.map.removeAttribute("data-ui-drawing");
  swallowNextClick();
  choose(selected().map(({ id }) => id)); // spoken once, at the end
}

document.addEventListener("pointerup", ({ pointerId }) => pointerId === drawn?.pointerId && end());
document.addEventListener("pointercancel", end);
