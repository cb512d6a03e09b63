/* The wall: stays awake, goes full screen with F, and has no other keys. */
import "./clock.js";
import "./fit.js";
import "./room.js";

const SAID = 20_000; // long enough to be read by whoever sets the projector up
let lock = null;

async function stayAwake() {
  if (document.hidden || lock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = null));
  } catch {
    // Not there without https: the projector's own setting decides.
    sayHow();
  }
}

function sayHow() {
  const words = document.querySelector("[data-wake]");
  if (!words) return;
  words.hidden = false;
  setTimeout(() => words.remove(), SAID);
}

const whole = () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();

document.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (/^[fа]$/i.test(key) && !ctrlKey && !metaKey && !altKey) whole();
});
document.addEventListener("click", (event) => event.target.closest("[data-whole]") && whole());
document.addEventListener("visibilitychange", stayAwake);
stayAwake();

/* The pointer goes when the hand rests: what stays is for the room. */
let resting;
addEventListener("pointermove", () => {
  document.documentElement.dataset.uiHand = "true";
  clearTimeout(resting);
  resting = setTimeout(() => delete document.documentElement.dataset.uiHand, 3_000);
});
