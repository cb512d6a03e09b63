/* What is said beside the map: a refusal, a new version of the program, a lost right. */
import { map } from "./grid.js";
import { say } from "./words.js";

const toasts = document.getElementById("toasts");
const shown = new Map();

/* `key` says what is the same notice: it is not shown twice. `act` makes a button of `label`. */
export function notice(text, { key = text, label, act, stays = false, bad = false } = {}) {
  shown.get(key)?.remove();
  const toast = element("div", bad ? "toast toast-error" : "toast");
  toast.toggleAttribute("data-hides", !stays);
  toast.append(element("p", "", text));
  if (label) {
    const button = element("button", "button", label);
    button.type = "button";
    button.addEventListener("click", act);
    toast.append(button);
  }
  shown.set(key, toast);
  toasts.append(toast);
}

function element(name, className, textContent = "") {
  return Object.assign(document.createElement(name), { className, textContent });
}

const reload = { label: say("reload"), act: () => location.reload(), stays: true };

/* Offered, and not while somebody writes. */
const editor = document.getElementById("editor");
const offer = () => notice(say("new-build"), { key: "build", ...reload });

document.addEventListener("live:hello", ({ detail }) => {
  if (detail.build === map.dataset.build) return;
  if (!editor || editor.hidden) offer();
  else document.addEventListener("editor:left", offer, { once: true });
});

document.addEventListener("live:state", ({ detail }) => {
  if (detail === 401) notice(say("sign-in-again"), { key: "gone", bad: true, ...reload });
  else if (detail === 403 || detail === 404) {
    notice(say("no-longer-yours"), { key: "gone", bad: true, ...reload });
  }
});

document.addEventListener("queue:refused", ({ detail: { edit, reason } }) => {
  const text = [edit.label, reason || say("not-saved")].filter(Boolean).join(" — ");
  notice(text, { bad: true });
});
