/* A small form laid over what it names, outside the board, so that no fragment can touch it.
   Enter and leaving keep, Esc throws away. */
import { lay, scale } from "./zoom.js";

export function inPlace(form, done) {
  let id = null;

  function place() {
    const under = id && document.getElementById(id);
    if (!under) return;
    const place = under.getBoundingClientRect();
    const [width, height] = [place.width / scale(), place.height / scale()];
    Object.assign(form.style, { minWidth: `${width}px`, minHeight: `${height}px` });
    lay(form, place);
  }

  function finish(keep) {
    if (form.hidden) return;
    const under = document.getElementById(id);
    form.hidden = true;
    id = null;
    if (form.contains(document.activeElement)) under?.focus({ preventScroll: true });
    if (under && keep) done(under, changes());
  }

  function changes() {
    const differ = [...form.elements].filter((field) => field.value.trim() !== field.defaultValue);
    return Object.fromEntries(differ.map((field) => [field.name, field.value.trim()]));
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    finish(event.key === "Enter");
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (document.hasFocus() && !form.contains(relatedTarget)) finish(true);
  });
  document.addEventListener("scroll", place, { capture: true, passive: true });
  document.addEventListener("live:drawn", () => {
    if (id && !document.getElementById(id)) finish(false);
    place();
  });

  return (under) => {
    finish(true);
    id = under.id;
    for (const field of form.elements) {
      field.defaultValue = (under.dataset[field.name] ?? "").trim();
      field.value = field.defaultValue;
    }
    form.hidden = false;
    place();
    form.elements[0].select();
  };
}
