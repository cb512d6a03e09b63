/* The catalogue of touchpoints, a dialog for one cell. What stands on the map already is ticked, so the
   rest is a checklist; it stays open until it is closed, because a stage has several touchpoints. */
import { uuid7 } from "../ids.js";
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { say } from "./words.js";

const dialog = document.getElementById("touchpoint-list");
let place = null;

export function open(cell) {
  place = grid.cellPlace(cell);
  const used = new Set();
  for (const card of grid.board().querySelectorAll(`${grid.CARD}[data-catalogue_key]`)) used.add(card.dataset.catalogue_key);
  for (const offer of dialog.querySelectorAll("[data-catalogue_key]")) tick(offer, used.has(offer.dataset.catalogue_key));
  dialog.showModal();
}

export function take({ dataset: { text, channel, mode, catalogue_key } }, where) {
  edits.addCard(uuid7(), { ...where, text, channel, mode, catalogue_key });
}

function tick(offer, isUsed) {
  offer.toggleAttribute("data-ui-used", isUsed);
  if (isUsed) offer.setAttribute("aria-description", say("on-the-map"));
  else offer.removeAttribute("aria-description");
}

dialog?.addEventListener("click", ({ target }) => {
  const offer = target.closest("[data-act='take-touchpoint']");
  if (!offer) return;
  take(offer, place);
  tick(offer, true);
});
