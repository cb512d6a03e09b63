/* Which touchpoints of the catalogue stand on the map already: what is left is a checklist. */
import { board } from "./grid.js";
import { say } from "./words.js";

const dialog = document.getElementById("touchpoint-list");

function mark() {
  const used = new Set();
  for (const card of board().querySelectorAll("[data-catalogue_key]")) used.add(card.dataset.catalogue_key);
  for (const offer of dialog.querySelectorAll("[data-act='take-touchpoint']")) {
    const is = used.has(offer.dataset.catalogue_key);
    offer.toggleAttribute("data-ui-used", is);
    if (is) offer.setAttribute("aria-description", say("on-the-map"));
    else offer.removeAttribute("aria-description");
  }
}

new MutationObserver(() => dialog.open && mark()).observe(dialog, { attributeFilter: ["open"] });
