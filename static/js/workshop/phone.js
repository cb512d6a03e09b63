/* A participant's screen.

   #screen    what the server draws: data-step, data-kind, data-takes (cards are taken now)
   #composer  the field to write in: outside #screen, so that nothing ever takes it away. It belongs to
              the step it was begun in until its words are sent or kept.
   What is given goes through the queue (queue.js): a dead network or a reload loses nothing. What is
   begun is kept per step and stage as a draft. */
import { uuid7 } from "../ids.js";
import * as kept from "../kept.js";
import * as queue from "../queue.js";
import { tell } from "./acts.js";
import { isInstead, onWidth, settleWall, turnWall } from "./beside.js";
import "./clock.js";
import "./fit.js";
import { draw, refresh, renew } from "./room.js";

const page = document.getElementById("room");
const composer = document.getElementById("composer");
const field = composer.elements.text;
const addButton = composer.querySelector("[data-add]");
const goOn = composer.querySelector("[data-go-on]");
const late = composer.querySelector("[data-late]");
const words = document.getElementById("words-of-phone").dataset;
const spoken = document.getElementById("spoken");

const screen = () => document.getElementById("screen");
const say = (text) => (spoken.textContent = text);
let stage = ""; // where one is
let writing = { step: "", stage: "", card: "" }; // what the field belongs to

/* --- stages ---------------------------------------------------------------------------------- */

const tabs = () => [...screen().querySelectorAll("[role=tab]")];

function showStage(id) {
  const all = tabs();
  if (!all.length) return;
  const chosen = all.find((tab) => tab.dataset.stage === id) ?? all[0];
  stage = chosen.dataset.stage;
  for (const tab of all) {
    tab.setAttribute("aria-selected", tab === chosen);
    tab.tabIndex = tab === chosen ? 0 : -1;
  }
  for (const panel of screen().querySelectorAll("[data-panel]")) {
    panel.toggleAttribute("data-ui-aside", panel.dataset.panel !== stage);
  }
  const at = all.indexOf(chosen);
  for (const turn of screen().querySelectorAll("[data-turn]")) {
    turn.ariaDisabled = !all[at + Number(turn.dataset.turn)];
  }
}

function turn(by) {
  const all = tabs();
  const next = all[all.findIndex((tab) => tab.dataset.stage === stage) + by];
  if (!next) return;
  keepDraft();
  showStage(next.dataset.stage);
  takeUp();
}

/* --- the field ------------------------------------------------------------------------------- */

const draftName = ({ step, stage }) => `draft:${step}:${stage}`;
const keepDraft = () => {
  if (!writing.step || writing.card) return;
  kept.keepList(draftName(writing), field.value);
};
const draftOf = (place) => {
  const found = kept.list(draftName(place));
  return typeof found === "string" ? found : "";
};

/* The field belongs to the step and stage at hand, with what was begun there. */
function takeUp() {
  const { step = "", takes } = screen().dataset;
  writing = { step, stage, card: "" };
  field.value = draftOf(writing);
  composer.hidden = !takes || !stage;
  page.dataset.uiLate = false;
  late.hidden = goOn.hidden = true;
  addButton.textContent = words.add;
  showLifts();
  grow();
}

/* The room has gone on while somebody was typing: they get to finish. */
function isLate() {
  return writing.step && writing.step !== (screen().dataset.step ?? "") && field.value.trim();
}

function settle() {
  if (isLate()) {
    const { number = "" } = screen().dataset;
    composer.hidden = false;
    late.hidden = goOn.hidden = false;
    page.dataset.uiLate = true;
    late.querySelector("[data-late-words]").textContent = words.begun.replace("%(n)s", number);
    addButton.textContent = words.send.replace("%(n)s", number);
    return;
  }
  const same = writing.step === (screen().dataset.step ?? "") && writing.stage === stage;
  if (same && (field.value || document.activeElement === field)) {
    composer.hidden = !screen().dataset.takes || !stage;
    showLifts();
  } else takeUp();
}

function send() {
  const text = field.value.trim();
  if (!text) return;
  const { card, base } = writing;
  const about = { ...writing };
  const fields = card
    ? { text, base }
    : { id: uuid7(), step: about.step, stage: about.stage, text, lifts: lifts() };
  kept.keepList(draftName(about), "");
  field.value = "";
  queue.send({
    path: card ? `cards/${card}/` : "cards/",
    fields,
    label: text.slice(0, 60),
    words: text,
    onRefused(reason) {
      kept.keepList(draftName(about), [draftOf(about), text].filter(Boolean).join("\n"));
      say(`${reason} ${words.kept}`);
      tell(reason);
      takeUp();
      return true;
    },
  });
  if (isLateStep(about)) takeUp();
  writing.card = "";
  addButton.textContent = words.add;
  clearLifts();
  grow();
  field.focus();
}

const isLateStep = ({ step }) => step !== (screen().dataset.step ?? "");

function grow() {
  field.style.blockSize = "auto";
  field.style.blockSize = `${Math.min(field.scrollHeight + 2, 160)}px`;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
field.addEventListener("input", () => {
  keepDraft();
  grow();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
goOn.addEventListener("click", () => {
  keepDraft();
  takeUp();
});
addEventListener("pagehide", keepDraft);

/* --- what a solution is for ------------------------------------------------------------------- */

const liftList = () => screen().querySelector("[data-panel]:not([data-ui-aside]) [data-lifts]");
const lifts = () => [...(liftList()?.querySelectorAll("input:checked") ?? [])].map((box) => box.value);
const showLifts = () => {
  const list = liftList();
  if (list) list.hidden = !screen().dataset.takes;
};
const clearLifts = () => {
  for (const box of liftList()?.querySelectorAll("input:checked") ?? []) box.checked = false;
};

/* --- acts ------------------------------------------------------------------------------------- */

const give = (path, fields) => queue.send({ path, fields, onRefused: (reason) => (tell(reason), true) });

const ACTS = {
  "[data-turn]": (button) => turn(Number(button.dataset.turn)),
  "[role=tab]": (tab) => (keepDraft(), showStage(tab.dataset.stage), takeUp()),
  "[data-to-wall]": toWall,
  "[data-done]": (button) => {
    if (button.dataset.done === "1") send();
    give("done/", { done: button.dataset.done });
  },
  "[data-edit-own]": (button) => {
    keepDraft();
    const own = button.closest("[data-card]");
    const { card, text } = own.dataset;
    writing = { step: screen().dataset.step, stage, card, base: text };
    field.value = text;
    addButton.textContent = words.save;
    grow();
    field.focus();
  },
  "[data-delete-own]": (button) => give(`cards/${button.closest("[data-card]").dataset.card}/delete/`, {}),
  "[data-take-back]": () => give("address/take-back/", {}),
  "[data-vote]": vote,
  "[data-unrate]": (button) => rate(button.closest("[data-aspect]"), ""),
  // Only where all stages stand beside each other (phone.css) can one be pressed that is not chosen.
  "[data-panel][data-ui-aside]": (panel) => {
    keepDraft();
    showStage(panel.dataset.panel);
    takeUp();
    field.focus();
  },
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(ACTS)) {
    const found = event.target.closest(selector);
    if (found) return act(found);
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[role=tab]")) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  turn(by);
  tabs().find((tab) => tab.dataset.stage === stage)?.focus();
});

function vote(button) {
  if (button.ariaDisabled === "true") {
    say(words.spent);
    return tell(words.spent);
  }
  const option = button.closest("[data-card]");
  const count = Number(option.dataset.count) + Number(button.dataset.vote);
  option.dataset.count = count; // so that a quick second press counts on
  give("votes/", { step: screen().dataset.step, card: option.dataset.card, count });
}

function rate(slider, value) {
  const { subject } = slider.closest("[data-subject]").dataset;
  const { step } = screen().dataset;
  give("ratings/", { step, subject, aspect: slider.dataset.aspect, value });
}

const shown = (value, aspect) =>
  aspect === "emotion" && value > 0 ? `+${value}` : String(value).replace("-", "−");
document.addEventListener("input", ({ target }) => {
  const slider = target.closest?.(".slider");
  if (!slider) return;
  slider.dataset.empty = false;
  slider.querySelector("output").textContent = shown(Number(target.value), slider.dataset.aspect);
});
document.addEventListener("change", ({ target }) => {
  const slider = target.closest?.(".slider");
  if (slider) rate(slider, target.value);
});

document.querySelector("[data-rename]").addEventListener("submit", (event) => {
  give("name/", { name: event.target.elements.name.value });
});
document.querySelector("[data-address]")?.addEventListener("submit", ({ target }) => {
  give("address/", { email: target.elements.email.value, agreed: "1" });
  target.reset(); // the consent is given once, for this address
});

document.querySelector("[data-heads]").addEventListener("submit", (event) => {
  give("heads/", { heads: event.target.elements.heads.value });
});

/* --- the wall ---------------------------------------------------------------------------------- */

let wasWriting = false;

/* Before the press itself takes the focus. */
document.addEventListener("pointerdown", ({ target }) => {
  if (target.closest("[data-to-wall]")) wasWriting ||= document.activeElement === field;
});

/* The field keeps its words, and gets the focus back that it had. */
function toWall() {
  turnWall();
  lookAgain();
  if (isInstead() || !wasWriting) return;
  wasWriting = false;
  field.focus();
}

function lookAgain() {
  const before = page.dataset.uiWall;
  const missing = settleWall();
  if (page.dataset.uiWall !== before) renew();
  if (missing) refresh();
}

onWidth(lookAgain);

/* --- what waits for the network --------------------------------------------------------------- */

function showWaiting() {
  for (const old of screen().querySelectorAll(".own-waiting")) old.remove();
  if (queue.current() === "saved") return;
  const template = document.getElementById("waiting-card").content.firstElementChild;
  for (const edit of queue.waiting()) {
    if (edit.path !== "cards/" || edit.fields.step !== screen().dataset.step) continue;
    const list = screen().querySelector(`[data-panel="${edit.fields.stage}"] [data-own]`);
    if (!list) continue;
    const item = template.cloneNode(true);
    item.querySelector(".own-text").textContent = edit.fields.text;
    list.append(item);
  }
}

document.addEventListener("queue:changed", showWaiting);

function arrive() {
  if (settleWall()) refresh();
  showStage(stage);
  settle();
  showWaiting();
}

document.addEventListener("room:drawn", arrive);
queue.start({ apply: draw, refresh });
arrive();
