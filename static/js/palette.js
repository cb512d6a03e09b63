/* Ctrl+K, or `data-open-palette`: one field for all that can be found and done. What is done are the
   page's own buttons and links under `data-commands`; what is found comes from the server. */
import { fold } from "./fold.js";

const palette = document.getElementById("palette");
const field = palette.querySelector("input");
const lines = document.getElementById("palette-lines");
const none = palette.querySelector("[data-none]");
const REST = 150;
const MOST = 6; // of the page's acts, once something is typed

let at = -1;
let timer = null;
let asked = 0;

const options = () => [...lines.querySelectorAll("[role='option']")];

function open() {
  if (palette.open) return field.select();
  field.value = "";
  palette.showModal();
  show([]);
}

/* --- what can be done ------------------------------------------------------------------------ */

function commands() {
  const found = document.querySelectorAll("[data-commands] :is(button, a):not(:disabled, [aria-haspopup='menu'])");
  return [...found]
    .filter((one) => one.offsetParent || one.closest("[popover]"))
    .map((control) => ({ control, words: wordsOf(control) }));
}

/* Without its key, or the value it has. */
function wordsOf(control) {
  const copy = control.cloneNode(true);
  for (const aside of copy.querySelectorAll("kbd, .menu-value")) aside.remove();
  return (control.getAttribute("aria-label") ?? copy.textContent).trim().replace(/\s+/g, " ");
}

function line({ control, words }) {
  const option = document.createElement("button");
  Object.assign(option, { type: "button", className: "menu-item" });
  option.setAttribute("role", "option");
  const icon = control.querySelector("svg")?.cloneNode(true);
  const name = document.createElement("span");
  name.textContent = words;
  option.append(...(icon ? [icon] : []), name);
  option.addEventListener("click", () => {
    palette.close();
    control.click();
  });
  return option;
}

function acts(typed) {
  const found = commands().filter(({ words }) => fold(words).includes(typed));
  return (typed ? found.slice(0, MOST) : found).map(line);
}

/* --- what can be found ----------------------------------------------------------------------- */

async function ask() {
  const mine = ++asked;
  const typed = field.value.trim();
  if (!typed) return show([]);
  try {
    const address = `${palette.dataset.search}?${new URLSearchParams({ find: typed })}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
    const html = answer.ok ? await answer.text() : "";
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    show([...page.body.children]);
  } catch {
    if (mine === asked) show([]); // without a network the page's own acts are still there
  }
}

function show(found) {
  lines.replaceChildren(...acts(fold(field.value)), ...found);
  options().forEach((option, index) => {
    option.id = `palette-${index}`;
    option.tabIndex = -1;
  });
  none.hidden = options().length > 0;
  mark(options().length && field.value ? 0 : -1);
}

/* --- hands ----------------------------------------------------------------------------------- */

function mark(next) {
  at = next;
  options().forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  const marked = options()[at];
  marked?.scrollIntoView({ block: "nearest" });
  if (marked) field.setAttribute("aria-activedescendant", marked.id);
  else field.removeAttribute("aria-activedescendant");
}

field.addEventListener("input", () => {
  show([]);
  clearTimeout(timer);
  timer = setTimeout(ask, REST);
});
field.addEventListener("keydown", (event) => {
  const count = options().length;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && count) mark((at + step + count) % count);
  else if (event.key === "Enter" && at >= 0) options()[at].click();
  else return;
  event.preventDefault();
});
/* A link within this page changes only the address: the dialog has to go by itself. */
lines.addEventListener("click", ({ target }) => target.closest("a") && palette.close());
palette.addEventListener("click", ({ target }) => target === palette && palette.close());

document.addEventListener("keydown", (event) => {
  const isK = event.key.toLowerCase() === "k" || event.code === "KeyK";
  if (!isK || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  open();
});
document.addEventListener("click", ({ target }) => target.closest("[data-open-palette]") && open());
