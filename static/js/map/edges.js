/* The board scrolls by itself under what is dragged near its edges. */
import { board } from "./grid.js";
import { view } from "./view.js";

const EDGE = 56; // nearer to the edge than this it scrolls …
const SPEED = 14; // … by so much a frame

/* Scrolls one frame's worth if the pointer is near an edge; says whether it did. */
export function scrollNear(x, y) {
  const box = view();
  const pull = (at, low, high) => (at < low + EDGE ? -SPEED : at > high - EDGE ? SPEED : 0);
  const left = pull(x, box.left, box.right);
  const top = pull(y, box.top, box.bottom);
  if (left || top) board().parentElement.scrollBy({ left, top, behavior: "instant" });
  return Boolean(left || top);
}
