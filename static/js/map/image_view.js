/* An image of a card, large, with its words. The arrows go on to the others of the card. */
import * as edits from "./edits.js";
import { CARD, byId, canEdit, nameOf } from "./grid.js";
import { say, speak } from "./words.js";

const dialog = document.getElementById("image-view");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const field = part("alt");
let card = ""; // the id of its element
let image = "";
let words = ""; // as they stand on the card

const thumbnails = () =>
  [...(document.getElementById(card)?.querySelectorAll("img[data-image]") ?? [])];
const index = () => thumbnails().findIndex((one) => one.dataset.image === image);

function open(element, id) {
  card = element.id;
  image = id;
  if (index() < 0) return;
  show();
  dialog.showModal();
}

function show() {
  const all = thumbnails();
  const shown = all[index()];
  const large = part("large");
  const source = shown.src.replace(/small\/$/, "");
  if (large.src !== source) large.src = source;
  large.alt = words = shown.alt;
  part("title").textContent = nameOf(document.getElementById(card)) || say("image");
  part("place").textContent =
    all.length > 1 ? say("place", { n: index() + 1, total: all.length }) : "";
  for (const step of dialog.querySelectorAll("[data-step]")) step.hidden = all.length < 2;
  if (field) field.value = words;
  else part("words").textContent = words;
}

function saveWords() {
  const element = document.getElementById(card);
  const alt = field?.value.trim();
  if (!field || !element || alt === words || index() < 0) return;
  thumbnails()[index()].alt = words = alt;
  edits.describeImage(element, image, alt);
}

function step(by) {
  saveWords();
  const all = thumbnails();
  image = all[(index() + by + all.length) % all.length].dataset.image;
  show();
}

function remove() {
  words = field.value = "";
  edits.removeImage(document.getElementById(card), image);
  speak(say("image-gone"));
  dialog.close();
}

document.addEventListener("click", (event) => {
  const found = event.target.closest("[data-image]");
  if (!found || event.defaultPrevented) return;
  const shown = found.closest("#details [data-card]");
  const element = shown ? byId("card", shown.dataset.card) : found.closest(CARD);
  if (element) open(element, found.dataset.image);
});

dialog.addEventListener("click", ({ target }) => {
  const by = target.closest("[data-step]")?.dataset.step;
  if (by) step(Number(by));
  else if (target.closest("[data-act='remove-image']")) remove();
});
dialog.addEventListener("keydown", ({ key, target, isComposing }) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (target === field) {
    if (key === "Enter" && !isComposing) dialog.close();
  } else if (by && thumbnails().length > 1) step(by);
});
dialog.addEventListener("close", saveWords);
addEventListener("pagehide", () => dialog.open && saveWords());

/* Removed meanwhile, or described by somebody else. */
document.addEventListener("live:drawn", () => {
  if (!dialog.open) return;
  if (index() < 0) dialog.close();
  else if (!canEdit || field.value === words) show();
});
