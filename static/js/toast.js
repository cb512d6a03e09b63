/* Toasts with `data-hides` go after 6 s, unless they are pointed at or hold the focus. */
const SHOWN = 6000;
const toasts = document.getElementById("toasts");

function hideLater(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) hideLater(toast);
    else toast.remove();
  }, SHOWN);
}

function watch(node) {
  if (node instanceof Element && node.hasAttribute("data-hides")) hideLater(node);
}

toasts.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-toast]")) event.target.closest(".toast").remove();
});

[...toasts.children].forEach(watch);
new MutationObserver((records) => {
  for (const record of records) record.addedNodes.forEach(watch);
}).observe(toasts, { childList: true });
