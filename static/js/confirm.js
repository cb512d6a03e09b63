/* `data-confirm="Question"` on a button, a link or their form: asks before the click goes through.
   `data-confirm-detail` adds a sentence, `data-confirm-yes` names the act. `data-confirm-also` offers
   a box to tick, which sets the field of the form that `data-confirm-also-field` names to 1. */
const dialog = document.getElementById("confirm");
const also = dialog.querySelector("#confirm-also");
const box = also.querySelector("input");
let asking = null;
let confirmed = null;

document.addEventListener(
  "click",
  (event) => {
    const control = event.target.closest("button, a, input[type=submit]");
    const question = control?.closest("[data-confirm]");
    if (!question || control === confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asking = control;
    dialog.querySelector("#confirm-question").textContent = question.dataset.confirm;
    dialog.querySelector("#confirm-detail").textContent = question.dataset.confirmDetail ?? "";
    dialog.querySelector("#confirm-yes").textContent =
      question.dataset.confirmYes ?? control.textContent.trim();
    also.hidden = !question.dataset.confirmAlso;
    also.querySelector("span").textContent = question.dataset.confirmAlso ?? "";
    box.checked = false;
    dialog.returnValue = "";
    dialog.showModal();
  },
  true,
);

dialog.addEventListener("close", () => {
  const control = asking;
  asking = null;
  if (dialog.returnValue !== "yes" || !control) return;
  const field = control.closest("[data-confirm-also-field]")?.dataset.confirmAlsoField;
  if (field) control.form.elements[field].value = box.checked ? "1" : "";
  confirmed = control;
  control.click();
  confirmed = null;
});
