/* `data-open-dialog="id"` opens, `data-close-dialog` closes, `<dialog data-opens>` opens on arrival. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  event.target.closest("[data-close-dialog]")?.closest("dialog").close();
  // The backdrop belongs to the dialog itself, its content to its children.
  if (event.target.matches?.("dialog.dialog[open]") && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function openArrived() {
  for (const dialog of document.querySelectorAll("dialog[data-opens]:not([open])")) {
    dialog.removeAttribute("data-opens");
    dialog.showModal();
  }
}

/* What htmx has put into #dialogs is thrown away once closed, so that it is asked for afresh. */
document.addEventListener(
  "close",
  (event) => {
    if (event.target.matches?.("#dialogs > dialog")) event.target.remove();
  },
  true,
);

new MutationObserver(openArrived).observe(document.getElementById("dialogs"), { childList: true });
openArrived();
