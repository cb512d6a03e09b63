/* The bar of the chosen cards: how many they are, and what may be done to all of them. */
import * as grid from "./grid.js";
import { clear, selected } from "./select.js";
import { count, say, speak } from "./words.js";

const bar = document.getElementById("many");
const words = bar.querySelector("[data-many-count]");

function show() {
  const cards = selected();
  if (cards.length) words.textContent = count("cards", cards.length);
  else if (bar.contains(document.activeElement)) grid.board().querySelector("[tabindex='0']")?.focus();
  bar.hidden = !cards.length;
}

/* Their words, a card a line, unless somebody wrote more of them before. Marked text goes first. */
addEventListener("copy", (event) => {
  const cards = selected();
  if (event.defaultPrevented || !cards.length || grid.isTyping() || !getSelection().isCollapsed) return;
  event.clipboardData.setData("text/plain", cards.map(grid.textOf).join("\n"));
  event.preventDefault();
});

bar.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-many]")?.dataset.many;
  if (act === "clear") clear();
  else if (act === "copy" && document.execCommand("copy")) speak(say("copied", { cards: words.textContent }));
});

document.addEventListener("selection:changed", show);
