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

/* `data-map-fields` on a form: what differs from what the map says is posted, each by itself so
   that words of two people can be joined. */
function post(form) {
  const said = head().dataset;
  for (const { name, value } of form.elements) {
    if (!name || value.trim() === (said[name] ?? "")) continue;
    const base = name === "plan_starts" ? {} : { base: said[name] ?? "" };
    edits.editMap({ [name]: value.trim(), ...base });
    said[name] = value.trim();
  }
}

/* Somebody else may have chosen others since the page came. */
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-open-dialog='personas']")) return;
  for (const box of document.querySelectorAll("#personas [name='persona']")) {
    box.checked = head().dataset.persona.split(" ").includes(box.value);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-map-fields]")) {
    if (form.method !== "dialog") event.preventDefault();
    post(form);
  } else if (form.matches("[data-personas]")) {
    edits.setPersonas(new FormData(form).getAll("persona"));
  }
});
document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-map-fields]");
  if (form && form.method !== "dialog") post(form);
});
