/* What else is said of a stage: how much it matters, where customers come back to from here, why
   they leave. Each menu item opens the same dialog at its own field. */
import * as edits from "./edits.js";
import * as grid from "./grid.js";

const dialog = document.getElementById("stage-more");
const form = dialog.querySelector("form");
let id = null;

export function open(stage, name) {
  id = stage.id;
  dialog.querySelector("[data-name]").textContent = stage.dataset.name;
  offer(earlierThan(stage));
  for (const field of form.elements) {
    if (field.name) field.value = stage.dataset[field.name] ?? "";
  }
  dialog.showModal();
  form.elements[name].focus();
}

function earlierThan(stage) {
  const columnOf = (one) => Number(one.getAttribute("aria-colindex"));
  const last = columnOf(stage) + Number(stage.getAttribute("aria-colspan") ?? 1) - 1;
  return grid.stages().filter((other) => columnOf(other) < last && other !== stage);
}

function offer(stages) {
  const { loop_to: field } = form.elements;
  const options = stages.map(({ dataset, children: [line] }) => {
    const number = line.querySelector(".stage-number").firstChild.textContent.trim();
    return new Option(`${number} ${dataset.name}`, dataset.id);
  });
  field.replaceChildren(field.options[0], ...options);
}

form.addEventListener("submit", () => {
  const stage = document.getElementById(id);
  if (!stage) return;
  const changed = [...form.elements].filter(
    ({ name, value }) => name && value.trim() !== (stage.dataset[name] ?? ""),
  );
  if (!changed.length) return;
  const fields = Object.fromEntries(changed.map(({ name, value }) => [name, value.trim()]));
  edits.edit(stage, fields, { words: fields.exit_reason ?? fields.loop_name ?? "" });
});
