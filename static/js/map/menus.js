/* Shared menus: `data-menu="id"` opens the menu or dialog for the part of the board it stands in, and
   what is chosen there is done to that part. */
import { send } from "../queue.js";
import * as details from "./details.js";
import * as edits from "./edits.js";
import { newCard } from "./editor.js";
import * as folds from "./folds.js";
import * as grid from "./grid.js";
import * as headers from "./headers.js";
import { doToAll } from "./many_edits.js";
import { step } from "./moves.js";
import * as stageMore from "./stage_more.js";
import { owner } from "./tools.js";
import { say, speak } from "./words.js";

const GAP = 4;
let part = null; // a card, a stage, a lane
let cell = null;
let opener = null;

function open(button) {
  const its = button.closest("#card-tools") ? owner() : button.closest(grid.PART);
  show(button.dataset.menu, its, button, button.getBoundingClientRect());
}

function show(id, of, from, box) {
  opener = from;
  part = of;
  cell = (part ?? opener).closest(grid.CELL);
  const menu = document.getElementById(id);
  menu.toggleAttribute("data-ui-divided", Boolean(part?.hasAttribute("aria-colspan")));
  menu.toggleAttribute("data-ui-last", Boolean(part?.dataset.parent) && grid.siblings(part).length === 1);
  if (menu instanceof HTMLDialogElement) return menu.showModal();
  menu.showPopover();
  place(menu, box);
  menu.querySelector("button")?.focus();
}

function place(menu, from) {
  const { width, height } = menu.getBoundingClientRect();
  const below = from.bottom + GAP + height <= innerHeight;
  menu.style.top = `${Math.max(GAP, below ? from.bottom + GAP : from.top - GAP - height)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(from.left, innerWidth - width - GAP))}px`;
}

/* The element may have been redrawn since the menu was opened. */
const now = () => part && document.getElementById(part.id);

function remove(gone) {
  grid.focus(grid.beside(gone));
  edits.remove(gone);
  speak(say("in-bin"));
}

const ACTS = {
  details: (card) => details.show(card),
  "add-below": (card) => newCard(card.closest(grid.CELL), { after: card.dataset.id }),
  edit: (header) => headers.rename(header),
  "add-before": (stage) => headers.addStage(grid.before(grid.siblings(stage), stage), stage.dataset.parent),
  "add-step": (stage) => (stage.hasAttribute("aria-colspan") ? headers.addStage("", stage.dataset.id) : headers.divide(stage)),
  "stage-weight": (stage) => stageMore.open(stage, "weight"),
  "stage-loop": (stage) => stageMore.open(stage, "loop_to"),
  "stage-exit": (stage) => stageMore.open(stage, "exit_reason"),
  "add-after": (header) => headers.addBeside(header),
  fold: (lane) => folds.toggle(lane, "fold"),
  hide: (lane) => folds.toggle(lane, "hide"),
  duplicate: (one) => edits.duplicate(one),
  delete: remove,
  "move-up": (one) => step(one, "up"),
  "move-down": (one) => step(one, "down"),
  "move-left": (one) => step(one, "left"),
  "move-right": (one) => step(one, "right"),
};

function bringBack(button) {
  const name = button.closest("li").querySelector("span").textContent.trim();
  send({ path: button.dataset.restore, label: say("did-restored", { name }) });
  button.closest("li").remove();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-menu]");
  if (button) return open(button);
  const restore = target.closest("[data-restore]");
  if (restore) return bringBack(restore);
  const item = target.closest("[data-act]");
  if (!item) return;
  if (item.closest(".menu") && now() && !doToAll(item.dataset.act, now())) {
    ACTS[item.dataset.act]?.(now());
  }
});

/* The right button, the menu key, or a long press: the same menu, at the place. A pressed button
   would close it again when it is let go. */
let isPressed = false;
document.addEventListener("pointerdown", () => (isPressed = true), true);
for (const type of ["pointerup", "pointercancel"]) {
  document.addEventListener(type, () => (isPressed = false), true);
}
grid.board().parentElement.addEventListener("contextmenu", (event) => {
  const { target, clientX: left, clientY: bottom } = event;
  const on = target.closest(grid.PART);
  if (!on || event.shiftKey || target.closest("button, a")) return;
  event.preventDefault();
  const noun = on.dataset.parent ? "step" : grid.nounOf(on);
  const now = () => show(`${noun}-menu`, on, on, { left, top: bottom, bottom });
  if (!isPressed) return now();
  document.addEventListener("pointerup", () => setTimeout(now), { once: true });
});

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (newState === "closed" && document.activeElement === document.body) opener?.focus?.();
    if (target.matches?.(".menu")) opener?.setAttribute("aria-expanded", String(newState === "open"));
  },
  true,
);
