/* `data-confirm="Question"` on a button: asks before its click or submit goes through.
   `data-confirm-detail` adds a sentence, `data-confirm-yes` names the act. */
const dialog = document.getElementById("confirm");
let asked = null;
let confirmed = null;

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || button === confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    asked = button;
    dialog.querySelector("#confirm-question").textContent = button.dataset.confirm;
    dialog.querySelector("#confirm-detail").textContent = button.dataset.confirmDetail ?? "";
    dialog.querySelector("#confirm-yes").textContent =
      button.dataset.confirmYes ?? button.textContent.trim();
    dialog.returnValue = "";
    dialog.showModal();
  },
  true,
);

dialog.addEventListener("close", () => {
  const button = asked;
  asked = null;
  if (dialog.returnValue !== "yes" || !button) return;
  confirmed = button;
  button.click();
  confirmed = null;
});
