/* `data-copy="text"` or `data-copy-from="id"` copies; `data-copied` is what the button then says. */
const SAID = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copyFrom);
  const text = button.dataset.copy ?? source?.value ?? source?.textContent ?? "";
  if (!(await copy(text))) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  if (!button.dataset.copied || label.dataset.before) return;
  label.dataset.before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
  }, SAID);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughSelection(text);
  }
}

/* A team's own server is often plain http in the room, where browsers have no clipboard. */
function copyThroughSelection(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  Object.assign(field.style, { position: "fixed", opacity: 0 });
  // Inside a modal dialog nothing outside it can be selected.
  (before?.closest("dialog") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
