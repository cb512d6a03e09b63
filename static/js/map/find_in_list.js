/* `data-filters="id"` on a search field narrows the list with that id. */
document.addEventListener("input", ({ target }) => {
  const list = target.matches("[data-filters]") && document.getElementById(target.dataset.filters);
  if (!list) return;
  const words = target.value.trim().toLocaleLowerCase();
  for (const item of list.children) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(words);
  }
});
