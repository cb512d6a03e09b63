/* What is said of the map as a whole: its title in place, its aim, whose journey it is. */
import * as edits from "./edits.js";
import { inPlace } from "./in_place.js";

const head = () => document.getElementById("map-head");

const rename = inPlace(document.getElementById("title-form"), ({ dataset }, { title }) => {
  if (title) edits.editMap({ title, base: dataset.title });
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-edit='title'], [data-act='rename-map']")) rename(head());
});

/* --- forms that say what the map says -------------------------------------------------------- */

/* Not `form.method`: a field may be called so. */
const isDialog = (form) => form.getAttribute("method") === "dialog";
const forms = () => document.querySelectorAll("[data-map-fields], [data-personas]");

/* What somebody else has changed meanwhile must not be written over unseen. */
function fill(form) {
  const said = head().dataset;
  for (const field of form.elements) {
    if (field.name === "persona") field.checked = said.persona.split(" ").includes(field.value);
    else if (field.name) field.value = field.defaultValue = said[field.name] ?? "";
  }
}

/* Each field by itself, so that words of two people can be joined. */
function post(form) {
  for (const field of form.elements) {
    const { name, defaultValue: base } = field;
    const value = field.value.trim();
    if (!name || value === base) continue;
    edits.editMap({ [name]: value, ...(name === "plan_starts" ? {} : { base }) });
    field.defaultValue = value;
  }
}

document.addEventListener("beforetoggle", ({ target, newState }) => {
  const form = newState === "open" && target.querySelector?.("[data-map-fields], [data-personas]");
  if (form) fill(form);
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-map-fields]")) {
    if (!isDialog(form)) event.preventDefault();
    post(form);
  } else if (form.matches("[data-personas]")) {
    edits.setPersonas(new FormData(form).getAll("persona"));
  }
});
document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-map-fields]");
  if (form && !isDialog(form)) post(form);
});
document.addEventListener("live:drawn", () => {
  for (const form of forms()) {
    if (!isDialog(form) && !form.contains(document.activeElement)) fill(form);
  }
});
