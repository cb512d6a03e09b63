/* The part of the board that can be seen, in the window's pixels: without the stages' headers and the
   names of the lanes, which stay while the rest scrolls. */
import { board, map } from "./grid.js";
import { scale } from "./zoom.js";

export function view() {
  const main = board().parentElement;
  const { left, top } = main.getBoundingClientRect();
  const lane = parseFloat(getComputedStyle(map).getPropertyValue("--lane")) * scale();
  const heads = board().firstElementChild.getBoundingClientRect();
  return {
    left: left + lane,
    top: Math.max(top, heads.bottom),
    right: left + main.clientWidth,
    bottom: top + main.clientHeight,
  };
}
