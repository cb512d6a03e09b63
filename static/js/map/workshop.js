/* Whether a workshop goes on over this map: a line above it, in the reader's words and with what they may
   open. Its word (journeys/fragments.py) says when to look anew. */
import { get } from "../live.js";

const { htmx } = window;
const place = document.getElementById("workshop-now");
const word = document.getElementById("workshop-word");
const SPREAD = 1_000; // so that many screens don't ask in one moment
let heard = word.textContent;
let timer;

async function look() {
  timer = null;
  try {
    const answer = await get(place.dataset.address);
    if (answer.ok) htmx.swap({ sourceElement: place, target: place, text: await answer.text(), swap: "innerMorph" });
  } catch {
    timer = setTimeout(look, 5 * SPREAD);
  }
}

if (place) {
  document.addEventListener("live:drawn", ({ detail }) => {
    if (word.textContent === heard && !detail.board) return;
    heard = word.textContent;
    timer ??= setTimeout(look, Math.random() * SPREAD);
  });
  if (place.dataset.on) look();
}
