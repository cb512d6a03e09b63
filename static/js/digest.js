/* A short sum of what the board shows; journeys/reads/digest.py reckons the same from the rows. */
import { crc32 } from "./crc32.js";
import { hex } from "./ids.js";

export function digestOf(board) {
  let total = 0;
  for (const { dataset } of board.querySelectorAll("[data-id][data-v]")) {
    total ^= crc32(`${hex(dataset.id)}:${dataset.v}`);
  }
  return (total >>> 0).toString(16).padStart(8, "0");
}
