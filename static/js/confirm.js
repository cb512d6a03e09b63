/* `data-confirm="Question"` on a button, a link or their form: asks before the click goes through.
   `data-confirm-detail` adds a sentence, `data-confirm-yes` names the act. */
const dialog = document.getElementById("confirm");
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
    dialog.returnValue = "";
    dialog.showModal();
  },
  true,
);

dialog.addEventListener("close", () => {
  const control = asking;
  asking = null;
  if (dialog.returnValue !== "yes" || !control) return;
  confirmed = control;
  control.click();
  confirmed = null;
});
