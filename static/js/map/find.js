/* Finding in the map: `/` or the button opens a bar; every place that says what is typed is marked,
   Enter goes from one to the next. Marks are the browser's highlights: the board is not touched. */
import { fold } from "../fold.js";
import { CARD, LANE, STAGE, board, focus, isShown, isTyping, map, rowOf } from "./grid.js";
import { goTo } from "./minimap.js";
import { say } from "./words.js";

const bar = document.getElementById("find");
const field = bar.querySelector("input");
const count = bar.querySelector("[data-count]");
const SAID = ".card-words, .stage-name, .lane-name";
const groups = JSON.parse(bar.dataset.synonyms);

let places = []; // of what was found, in the map's order
let at = -1;

/* What is looked for: what was typed, then other names of the same thing as whole words. */
function meanings(text) {
  const typed = fold(text);
  const names = groups.find((group) => group.includes(typed)) ?? [];
  return typed ? [typed, ...names.filter((name) => name !== typed)] : [];
}

const isLetter = (sign) => /[\p{L}\p{N}]/u.test(sign ?? "");

/* Ranges of `words` in a text node: compared folded, sign by sign, so that places stay true. */
function rangesIn(node, words) {
  const signs = [];
  let folded = "";
  [...node.data].reduce((index, sign) => {
    const one = sign === "\u00ad" ? "" : /\s/.test(sign) ? " " : sign.toLocaleLowerCase().replace("ё", "е");
    for (let n = 0; n < one.length; n++) signs.push([index, index + sign.length]);
    folded += one;
    return index + sign.length;
  }, 0);
  return words.flatMap((word, other) => {
    const found = [];
    for (let from = folded.indexOf(word); from >= 0; from = folded.indexOf(word, from + word.length)) {
      if (other && (isLetter(folded[from - 1]) || isLetter(folded[from + word.length]))) continue;
      const range = new Range();
      range.setStart(node, signs[from][0]);
      range.setEnd(node, signs[from + word.length - 1][1]);
      found.push(range);
    }
    return found;
  });
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

function search() {
  const words = meanings(field.value);
  places = [];
  for (const element of words.length ? board().querySelectorAll(SAID) : []) {
    // What is folded or hidden for oneself is not looked at; on a phone other stages are.
    if (!isShown(rowOf(element)) || element.closest(".cell")?.closest("[data-ui-folded]")) continue;
    const ranges = textNodes(element).flatMap((node) => rangesIn(node, words));
    if (ranges.length) places.push({ part: element.closest(`${CARD}, ${STAGE}, ${LANE}`), ranges });
  }
  mark();
}

function mark() {
  const all = places.flatMap(({ ranges }) => ranges);
  const here = places[at]?.ranges ?? [];
  if (globalThis.Highlight) {
    CSS.highlights.set("found", new Highlight(...all));
    CSS.highlights.set("found-here", new Highlight(...here));
  }
  const found = places.length ? say("found", { at: at + 1, of: places.length }) : say("not-found");
  count.textContent = field.value.trim() ? found : "";
}

function go(step) {
  if (!places.length) return;
  at = (at + step + places.length) % places.length;
  const { part } = places[at];
  const column = part.closest("[aria-colindex]")?.getAttribute("aria-colindex");
  if (column > 1) goTo(Number(column) - 1);
  part.scrollIntoView({ block: "center", inline: "nearest" });
  mark();
}

export function open() {
  bar.hidden = false;
  field.select();
  field.focus();
  search();
}

function close() {
  const found = places[at]?.part;
  bar.hidden = true;
  places = [];
  at = -1;
  mark();
  if (found?.isConnected) focus(found);
  else board().querySelector("[tabindex='0']")?.focus();
}

field.addEventListener("input", () => {
  at = -1;
  search();
  go(1);
});
bar.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
  else if (event.key === "Enter" && event.target === field) go(event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
});
const ACTS = { "find-next": () => go(1), "find-before": () => go(-1), "find-close": close, find: open };
document.addEventListener("click", ({ target }) => ACTS[target.closest("[data-act]")?.dataset.act]?.());

document.addEventListener("keydown", (event) => {
  const { target, key, code } = event;
  // On a Russian keyboard the slash is the key of the dot.
  const slash = key === "/" || (code === "Slash" && key === ".");
  if (!slash || event.ctrlKey || event.metaKey || event.altKey || isTyping(target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  event.preventDefault();
  open();
});
document.addEventListener("live:drawn", () => {
  if (!bar.hidden) search();
});

/* A link may name a card: /maps/…/#card-… */
function fromAddress() {
  const part = location.hash.startsWith("#card-") && document.getElementById(location.hash.slice(1));
  if (!part || !map.contains(part)) return;
  const column = part.closest("[aria-colindex]")?.getAttribute("aria-colindex");
  if (column > 1) goTo(Number(column) - 1);
  focus(part);
  part.scrollIntoView({ block: "center", inline: "center" });
}
addEventListener("hashchange", fromAddress);
fromAddress();
