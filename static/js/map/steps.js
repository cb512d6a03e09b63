/* Undo and redo: whether there is anything of this person's to take back. One's own edits tell most
   of it; the server is asked on arrival, after each step back or forth, and on return to the tab,
   for the person may have worked elsewhere. */
import { get } from "../live.js";
import { waiting } from "../queue.js";
import * as edits from "./edits.js";

const STEPS = ["undo/", "redo/"];
const buttons = ["undo", "redo"].map((name) => document.getElementById(name));

/* Not `disabled`: a button that has just done its work keeps the focus. */
function show(...can) {
  buttons.forEach((button, at) => button.setAttribute("aria-disabled", String(!can[at])));
}

async function ask() {
  try {
    const answer = await get("steps/");
    if (!answer.ok || waiting().length) return;
    const { undo, redo } = await answer.json();
    show(undo, redo);
  } catch {
    // No network: what is known stays.
  }
}

document.addEventListener("queue:changed", () => {
  const last = waiting().at(-1);
  if (last && last.path !== "redo/") show(true, last.path === "undo/");
});
document.addEventListener("queue:answered", ({ detail: { edit, ok } }) => {
  if (waiting().length) return;
  if (ok && !STEPS.includes(edit.path)) show(true, false);
  else ask();
});
document.addEventListener("live:hello", ask);
document.addEventListener("visibilitychange", () => document.hidden || ask());

const ACTS = { undo: edits.undo, redo: edits.redo };
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-act]");
  if (button?.getAttribute("aria-disabled") !== "true") ACTS[button?.dataset.act]?.();
});
