/* The release of a drag is no click. */
export function swallowNextClick() {
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, true));
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
