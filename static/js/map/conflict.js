/* Two people changed the same words: three whole sentences to choose from, the disputed words marked.
   Keys 1 2 3, Esc = later. */
import { differences } from "./diff.js";
import * as edits from "./edits.js";
import { CARD, map, textOf } from "./grid.js";

const panel = document.getElementById("versions");
const CHOICES = ["mine", "theirs", "both"];
let conflict = null;
let theirs = ""; // what stood on the card when the person began to choose

/* "Mine" is a side of the row, not of the reader: whose it is says its name. */
function fill({ mine, byName, theirsName }) {
  const sides = { mine: [byName, mine], theirs: [theirsName, theirs] };
  for (const [choice, [name, text]] of Object.entries(sides)) {
    const button = panel.querySelector(`[data-choice="${choice}"]`);
    button.querySelector("[data-by-name]").textContent = name;
    const other = choice === "mine" ? theirs : mine;
    button.querySelector("[data-text]").replaceChildren(...marked(text, other));
  }
  const both = panel.querySelectorAll("[data-choice='both'] [data-text]");
  [theirs, mine].forEach((text, index) => (both[index].textContent = text));
}

/* The text in pieces, what differs from the other in <mark>. */
function marked(text, other) {
  const pieces = [];
  let at = 0;
  for (const [from, to] of differences(text, other)) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(from, to);
    pieces.push(text.slice(at, from), mark);
    at = to;
  }
  return [...pieces, text.slice(at)];
}

/* On the cards too: by ranges, for a card's body is the server's. */
function markCards() {
  if (!CSS.highlights) return;
  const ranges = [...document.querySelectorAll("#board [data-conflict]")].flatMap(rangesOf);
  CSS.highlights.set("disputed", new Highlight(...ranges));
}

function rangesOf(button) {
  const words = button.closest(CARD).querySelector(".card-words").firstChild;
  if (words?.nodeType !== Node.TEXT_NODE) return [];
  return differences(words.data, button.dataset.mine).map(([from, to]) => {
    const range = new Range();
    range.setStart(words, from);
    range.setEnd(words, to);
    return range;
  });
}

function open(button) {
  conflict = button.dataset.conflict;
  theirs = textOf(button.closest(CARD));
  fill(button.dataset);
  panel.showPopover();
  const { left, bottom } = button.closest(CARD).getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - height - 8))}px`;
  panel.querySelector("[data-choice]").focus({ focusVisible: false });
}

function choose(choice) {
  panel.hidePopover();
  edits.choose(conflict, choice, theirs);
}

map.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-act='choose']");
  if (button) open(button);
});
panel.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-choice]");
  if (button) choose(button.dataset.choice);
});
panel.addEventListener("keydown", (event) => {
  const choice = CHOICES[Number(event.key) - 1];
  if (!choice || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  choose(choice);
});
/* Solved by somebody else while it was open. */
document.addEventListener("live:drawn", () => {
  markCards();
  const isOpen = panel.matches(":popover-open");
  if (isOpen && !document.querySelector(`[data-conflict="${conflict}"]`)) panel.hidePopover();
});
markCards();
