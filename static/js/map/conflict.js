/* Two people changed the same words: three whole sentences to choose from. Keys 1 2 3, Esc = later. */
import * as edits from "./edits.js";
import { CARD, map } from "./grid.js";

const panel = document.getElementById("versions");
const CHOICES = ["mine", "theirs", "both"];
let conflict = null;

/* "Mine" is a side of the row, not of the reader: whose it is says its name. */
function fill({ mine, theirs, byName, theirsName }) {
  const sides = { mine: [byName, mine], theirs: [theirsName, theirs] };
  for (const [choice, [name, text]] of Object.entries(sides)) {
    const button = panel.querySelector(`[data-choice="${choice}"]`);
    button.querySelector("[data-by-name]").textContent = name;
    button.querySelector("[data-text]").textContent = text;
  }
  const both = panel.querySelectorAll("[data-choice='both'] [data-text]");
  [theirs, mine].forEach((text, index) => (both[index].textContent = text));
}

function open(button) {
  conflict = button.dataset.conflict;
  fill(button.dataset);
  panel.showPopover();
  const { left, bottom } = (button.closest(CARD) ?? button).getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - height - 8))}px`;
  panel.querySelector("[data-choice]").focus({ focusVisible: false });
}

function choose(choice) {
  panel.hidePopover();
  edits.choose(conflict, choice);
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
  const isOpen = panel.matches(":popover-open");
  if (isOpen && !document.querySelector(`[data-conflict="${conflict}"]`)) panel.hidePopover();
});
