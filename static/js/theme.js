/* Light, dark or the system's: at once, without losing the page's state. The server only remembers. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-form] button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  fetch(form.action, {
    method: "POST",
    body: new FormData(form, event.submitter),
    redirect: "manual",
  }).catch(() => {}); // Without a network this page keeps the theme, the next one may not.
});
