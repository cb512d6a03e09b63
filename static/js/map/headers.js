/* Stages and lanes: renamed in place, added beside another. */
import * as edits from "./edits.js";
import * as grid from "./grid.js";
import { inPlace } from "./in_place.js";
import { goTo } from "./minimap.js";
import { say } from "./words.js";

function done(header, fields) {
  if (fields.name === "") delete fields.name; // it can be found by its name only
  if (Object.keys(fields).length) {
    edits.edit(header, fields, { words: Object.values(fields).join("\n") });
  }
}

const openForm = {
  stage: inPlace(document.getElementById("stage-form"), done),
  lane: inPlace(document.getElementById("lane-form"), done),
};

export const rename = (header) => openForm[grid.nounOf(header)](header);

grid.map.addEventListener("dblclick", ({ target }) => {
  const header = target.closest(`${grid.STAGE}, ${grid.LANE}`);
  if (header && !target.closest("button")) rename(header);
});

/* --- adding ---------------------------------------------------------------------------------- */

const dialog = document.getElementById("add-lane");
let below = ""; // the lane below which the next one goes; empty: last
let known = null; // the stages and lanes before one was added, which is then shown

const all = () => [...grid.stages(), ...grid.lanes()];
const remember = () => (known = new Set(all().map(({ id }) => id)));

/* With a `parent` it is a step of that stage. */
export function addStage(after = "", parent = "") {
  remember();
  edits.add("stage", { name: say(parent ? "new-step" : "new-stage"), after, parent });
}

/* The first two steps of a stage; the first takes over its cards. */
export function divide(stage) {
  remember();
  edits.divide(stage, [1, 2].map((n) => say("step-number", { n })));
}

export function addBeside(header) {
  const { id, parent } = header.dataset;
  if (grid.nounOf(header) === "stage") return addStage(id, parent);
  below = header.dataset.id;
  dialog.showModal();
}

document.addEventListener("live:drawn", () => {
  const added = known && all().find(({ id }) => !known.has(id));
  if (!added) return;
  known = null;
  // On a phone one stage is shown at a time.
  if (grid.nounOf(added) === "stage") goTo(grid.columns().indexOf(added) + 1);
  added.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (grid.nounOf(added) === "stage") rename(added);
  else grid.focus(added);
});

function addLane(fields) {
  remember();
  edits.add("lane", { ...fields, after: below });
  dialog.close();
}

dialog.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-kind]");
  if (kind) addLane({ kind: kind.dataset.kind });
});
dialog.addEventListener("close", () => (below = ""));
dialog.querySelector("[data-own-lane]").addEventListener("submit", (event) => {
  event.preventDefault();
  addLane(Object.fromEntries(new FormData(event.target)));
  event.target.reset();
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-act='add-stage']")) addStage();
});
