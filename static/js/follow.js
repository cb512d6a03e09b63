/* `<a data-follow>` in a dialog is followed as soon as it arrives: what was waited for is there. */
function follow() {
  for (const link of document.querySelectorAll("#dialogs a[data-follow]")) {
    link.removeAttribute("data-follow");
    link.click();
  }
}

new MutationObserver(follow).observe(document.getElementById("dialogs"), {
  childList: true,
  subtree: true,
});
