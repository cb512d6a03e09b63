/* The step's clock: the server says how much is left when it draws, the screen counts on from there.

   `[data-clock]` holds `data-left` (milliseconds), `data-paused` if it stands, `data-total` (minutes).
   Its time is written into `[data-clock-time]`, the rest of the bar into `[data-clock-bar]`; at some
   moments `[data-clock-said]` says it to those who don't see. */
const SAID = [300, 60, 10, 0];
const ends = new WeakMap(); // clock → [data-left as drawn, when it is over]

function count() {
  for (const clock of document.querySelectorAll("[data-clock]")) show(clock);
}

function show(clock) {
  const { left, paused, total } = clock.dataset;
  const stamp = `${left} ${clock.dataset.drawn}`;
  if (ends.get(clock)?.[0] !== stamp) ends.set(clock, [stamp, performance.now() + Number(left)]);
  const rest = paused ? Number(left) : ends.get(clock)[1] - performance.now();
  const seconds = Math.max(0, Math.ceil(rest / 1000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  for (const place of clock.querySelectorAll("[data-clock-time]")) {
    if (place.textContent !== text) place.replaceChildren(...[...text].map(sign));
  }
  clock.dataset.uiOver = seconds === 0;
  clock.dataset.uiLast = seconds <= 60;
  const bar = clock.querySelector("[data-clock-bar]");
  if (bar) bar.style.inlineSize = `${Math.min(100, (100 * seconds) / (60 * Number(total) || 1))}%`;
  say(clock, seconds, text);
}

/* A cell a sign, so that nothing moves while it counts. */
function sign(char) {
  const cell = document.createElement("span");
  cell.textContent = char;
  cell.className = char === ":" ? "clock-colon" : "clock-digit";
  return cell;
}

function say(clock, seconds, text) {
  const place = document.querySelector("[data-clock-said]");
  const moment = SAID.find((one) => seconds === one);
  if (!place || moment === undefined || clock.dataset.uiSaid === String(moment)) return;
  clock.dataset.uiSaid = moment;
  place.textContent = seconds ? text : (clock.dataset.over ?? text);
}

count();
setInterval(count, 250);
document.addEventListener("room:drawn", count);
