/* `data-filters="id"` on a search field narrows the list with that id, and hides groups that are empty then. */
document.addEventListener("input", ({ target }) => {
  const list = target.matches("[data-filters]") && document.getElementById(target.dataset.filters);
  if (!list) return;
  const words = target.value.trim().toLocaleLowerCase();
  for (const item of list.querySelectorAll(".menu-item")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(words);
  }
  for (const group of list.querySelectorAll("section")) {
    group.hidden = !group.querySelector(".menu-item:not([hidden])");
  }
});
