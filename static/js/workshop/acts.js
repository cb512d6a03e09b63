/* What is answered to the forms of a workshop's pages. A refusal is said in a toast; anything else is
   given to `take(answer, html, form)`, which returns true where it has drawn it. */
import { sentence } from "../sentence.js";

export function answered(take = () => false) {
  document.addEventListener("htmx:after:request", (event) => {
    const { response, text, sourceElement } = event.detail.ctx;
    const form = sourceElement.closest("form");
    if (response.status >= 400) {
      event.preventDefault();
      tell(sentence(text) || String(response.status));
    } else {
      if (take(response, text, form)) {
        event.preventDefault();
        // What is saved as it is changed stays as it was set: what has the focus isn't morphed.
        if (!form?.matches("[hx-trigger]")) form?.reset();
      }
    }
  });
}

export function tell(words) {
  const toast = document.getElementById("refusal").content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = words;
  document.getElementById("toasts").replaceChildren(toast);
}
