/* What the team marks its cards with, read from the board: tags, colours, who is responsible. */
import { CARD, board } from "./grid.js";

export const tagsOf = (card) => (card.dataset.tags ? card.dataset.tags.split(", ") : []);

/* Everything that `of` finds on the cards, with how often, the most used first. */
export function used(of, cards = board().querySelectorAll(CARD)) {
  const counts = new Map();
  for (const card of cards) {
    for (const value of of(card)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
}

/* --- the field of one card offers what the map uses already --- */

const MOST = 12;
const panel = document.getElementById("details");

function offer() {
  const offers = panel.querySelector("[data-tag-offers]");
  if (!offers) return;
  const field = offers.parentNode.querySelector("input");
  const has = new Set(split(field.value).map((tag) => tag.toLocaleLowerCase()));
  const rest = used(tagsOf).filter(([tag]) => !has.has(tag.toLocaleLowerCase())).slice(0, MOST);
  const known = [...offers.children].map((one) => one.textContent).join();
  if (known === rest.map(([tag]) => tag).join()) return;
  offers.replaceChildren(...rest.map(([tag]) => chip(tag)));
}

function chip(tag) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: tag });
  button.className = "chip chip-small chip-add";
  return button;
}

const split = (text) => text.split(",").map((tag) => tag.trim()).filter(Boolean);

panel.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-tag-offers] button");
  if (!chosen) return;
  const field = chosen.closest(".detail").querySelector("input");
  field.value = [...split(field.value), chosen.textContent].join(", ");
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
  offer();
});
panel.addEventListener("toggle", offer, true);
panel.addEventListener("change", offer);
document.addEventListener("live:drawn", offer);
