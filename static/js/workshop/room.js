/* A screen of a workshop: it hears a word when there is something new, and fetches what it shows.

   The page is one element, #screen, which the server draws. Tells the document "room:drawn" after it
   changed, and "live:state" ("open", "lost", or the status that ended the stream). */
import { listen } from "../stream.js";

const { htmx } = window;
const page = document.getElementById("room");
const SPREAD = Number(page.dataset.spread ?? 0); // many phones don't ask in one moment …
const SLOW = Number(page.dataset.slow ?? 0); // … still less so for what only the wall shows
const REST = 150; // several words in a row are one question
const LATER = 4_000; // at most one look in so long at what is told as `later`
const AGAIN = 2_000;

let drawn = Number(page.dataset.seq);
let heard = drawn;
let { epoch } = page.dataset;
let timer = null;
let due = 0; // when it asks
let asking = false;
let stale = false;
let later = null;

htmx.config.morphIgnore.push("data-ui-", "open", "aria-expanded");

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/* What is older than what stands there is dropped. */
export function draw(seq, html) {
  if (seq < drawn || !html) return;
  drawn = seq;
  htmx.swap({ sourceElement: page, target: "#screen", text: html, swap: "outerMorph" }).catch(
    (error) => {
      console.error(error);
      refresh(AGAIN);
    },
  );
  tell("room:drawn");
}

export function refresh(delay = 0) {
  stale = true;
  const at = performance.now() + delay;
  if (asking || (timer && due <= at)) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(ask, delay);
}

async function ask() {
  clearTimeout(later);
  timer = later = null;
  asking = true;
  stale = false;
  let failed = false;
  try {
    const answer = await fetch(page.dataset.screen, {
      headers: { "HX-Request": "true" },
      cache: "no-store",
      redirect: "manual",
    });
    if (answer.ok) draw(Number(answer.headers.get("X-Seq")), await answer.text());
    else if (answer.status === 404 || answer.type === "opaqueredirect") location.reload();
    else failed = true;
  } catch {
    failed = true;
  }
  asking = false;
  if (failed) setTimeout(refresh, AGAIN * (1 + Math.random()));
  else if (stale) refresh(REST);
}

const EVENTS = {
  message(data, seq) {
    heard = Math.max(heard, seq || 0);
    if (/>(room|guest|board)</.test(data)) refresh(REST + Math.random() * SPREAD);
    else if (/>desk</.test(data)) refresh(REST + Math.random() * SLOW);
    else if (data) later ??= setTimeout(refresh, LATER * (1 + Math.random()));
  },
  hello(data) {
    const hello = JSON.parse(data);
    if (hello.epoch !== epoch) [epoch, heard, drawn] = [hello.epoch, hello.seq, 0];
    refresh(Math.random() * SPREAD);
  },
};

/* Connects anew: for what it hears depends on whether the wall is to be seen here. */
export const renew = listen(
  () =>
    `${page.dataset.stream}${page.dataset.uiWall === "true" ? "&wall=here" : ""}&since=${heard}&epoch=${epoch}`,
  (event, data, seq) => EVENTS[event]?.(data, seq),
  (state) => {
    page.dataset.uiState = state;
    tell("live:state", state);
    if (typeof state === "number") refresh();
  },
);
if (page.dataset.every) setInterval(() => document.hidden || refresh(), page.dataset.every * 1000);
addEventListener("pageshow", (event) => event.persisted && refresh());
