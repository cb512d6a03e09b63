/* The facilitator's panel: its forms go through htmx; a key presses the button that says so.

   [data-key]     the key of a button; off while one is writing
   [data-new-id]  a form whose `id` names what it will make */
import { uuid7 } from "../ids.js";
import { signal } from "../signal.js";
import { answered } from "./acts.js";
import "./clock.js";
import { draw } from "./room.js";

const PLAY = 900; // milliseconds between two acts
const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, summary";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(WRITES)) return;
  if (event.key === " " && event.target.closest("button, a")) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = document.querySelector(`#screen [data-key="${CSS.escape(name)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener(
  "submit",
  ({ target }) => {
    if (target.matches("[data-new-id]")) target.elements.id.value = uuid7();
  },
  true,
);

answered((response, html, form) => {
  const seq = Number(response.headers.get("X-Seq"));
  form?.closest(".panel-more")?.removeAttribute("open"); // the menu has done its work
  if (seq) draw(seq, html);
  return Boolean(seq);
});

/* In a rehearsal the panel asks the made-up guests to go on, one at a time. */
const { play } = document.getElementById("room").dataset;
if (play) {
  setInterval(() => document.hidden || signal(play, {}), PLAY * (0.7 + Math.random() * 0.6));
}
