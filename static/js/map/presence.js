/* Who is here and who writes where: told by the stream, shown as avatars and as a tag on the card.
   What this screen tells of itself is a hint with a lease of 15 s, renewed while typing. */
import { crc32 } from "../crc32.js";
import { signal } from "../signal.js";
import { byId, canEdit, map } from "./grid.js";
import { say } from "./words.js";

const people = document.getElementById("people");
const SHOWN = 3;
const RENEW = 5_000;
let screen = "";
let told = { target: "", at: 0 };
let there = [];

const initials = (name) =>
  name.split(/\s+/).filter(Boolean).slice(0, 2).map(([first]) => first.toLocaleUpperCase()).join("");

/* The same hue as everywhere else (ui/people.py). */
const hueOf = (key) => crc32(key.split(":")[1]) % 6;

function avatar({ key, name, away }) {
  const one = document.getElementById("person").content.firstElementChild.cloneNode(true);
  one.classList.add(`person-${hueOf(key)}`);
  one.classList.toggle("avatar-away", away);
  one.textContent = initials(name);
  one.title = name;
  one.setAttribute("aria-label", name);
  return one;
}

function show({ count: all, people: named }) {
  there = named;
  const rest = document.createElement("span");
  rest.className = "avatars-more";
  rest.textContent = `+${all - SHOWN}`;
  rest.title = say("more-people", { n: all - SHOWN });
  people.replaceChildren(...named.slice(0, SHOWN).map(avatar), ...(all > SHOWN ? [rest] : []));
  mark();
}

function mark() {
  for (const card of document.querySelectorAll("[data-ui-writer]")) {
    card.removeAttribute("data-ui-writer");
    card.removeAttribute("data-ui-hue");
  }
  for (const { key, name, target } of there) {
    const card = target && key !== map.dataset.actor && byId("card", target);
    if (!card) continue;
    card.setAttribute("data-ui-writer", say("writes", { name }));
    card.setAttribute("data-ui-hue", hueOf(key));
  }
}

function tell(target, { at = Date.now() } = {}) {
  if (!screen) return;
  told = { target, at };
  signal("presence/", { screen, target, away: document.hidden ? 1 : "" });
}

document.addEventListener("live:hello", ({ detail }) => {
  screen = detail.screen;
  if (document.hidden) tell("");
});
document.addEventListener("live:people", ({ detail }) => show(detail));
document.addEventListener("live:drawn", mark);
document.addEventListener("visibilitychange", () => tell(""));
if (canEdit) {
  document.addEventListener("editor:typing", ({ detail: card }) => {
    const again = told.target !== card || Date.now() - told.at > RENEW;
    if (again) tell(card);
  });
  document.addEventListener("editor:left", () => told.target && tell(""));
}
