/* Lists of the wall that are longer than their place: what doesn't fit is not shown, and the last line
   says how many that are. Walls differ in size, so each wall reckons for itself.

   [data-fit]   a list that is cut where its place ends; its last item has
     data-rest  how many the server left out already
     data-words «ещё #» */
function shorten(item, end) {
  const words = item.querySelector(".wall-words");
  if (!words) return;
  const { top, bottom } = item.getBoundingClientRect();
  const line = parseFloat(getComputedStyle(words).lineHeight);
  const edges = bottom - top - words.getBoundingClientRect().height;
  words.style.setProperty("--most", Math.max(1, Math.floor((end - top - edges) / line)));
}

function fit(list) {
  const items = [...list.children];
  const more = items.pop();
  const shown = items.filter((item) => !item.matches("[data-kept-away]"));
  const rest = Number(more.dataset.rest);
  for (const item of shown) item.hidden = false;
  shown[0]?.querySelector(".wall-words")?.style.removeProperty("--most");
  more.hidden = !rest;
  const end = list.getBoundingClientRect().bottom + 1;
  const bottoms = shown.map((item) => item.getBoundingClientRect().bottom);
  if (!rest && (bottoms.at(-1) ?? 0) <= end) return;
  more.hidden = false;
  const { height } = more.getBoundingClientRect();
  const gap = parseFloat(getComputedStyle(list).rowGap) || 0;
  let fits = bottoms.filter((bottom) => bottom + gap + height <= end).length;
  if (!fits && shown.length) {
    fits = 1;
    shorten(shown[0], end - gap - height);
  }
  for (const item of shown.slice(fits)) item.hidden = true;
  more.textContent = more.dataset.words.replace("#", rest + shown.length - fits);
}

export function fitAll() {
  for (const list of document.querySelectorAll("[data-fit]")) fit(list);
}

document.addEventListener("room:drawn", fitAll);
addEventListener("resize", fitAll);
document.fonts.ready.then(fitAll);
fitAll();
