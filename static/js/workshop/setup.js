/* The agenda and the groups: saved as they are changed; a refusal is said in a toast. Beside it stands whether a phone
   has opened the link: drawn anew when one has, and counted on from there.

   [data-ago]  milliseconds that had passed when the server drew it */
import { answered } from "./acts.js";
import "./room.js";

window.htmx.config.morphIgnore.push("open"); // what one has opened stays open

answered();

const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const UNITS = [["hour", 3_600], ["minute", 60], ["second", 1]];
const since = new WeakMap(); // element → [as drawn, when that was]

function count() {
  const place = document.querySelector("[data-ago]");
  if (!place) return;
  const { ago, seq } = place.dataset;
  if (since.get(place)?.[0] !== seq) since.set(place, [seq, performance.now() - Number(ago)]);
  const seconds = Math.round((performance.now() - since.get(place)[1]) / 1_000);
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  place.textContent = words.format(-Math.floor(seconds / size), unit);
}

count();
setInterval(count, 1_000);
document.addEventListener("room:drawn", count);
