/* Places a `.menu[popover]` beside its button, and lets arrows walk through it. */
const GAP = 4;
const EDGE = 8;

function place(menu, button) {
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + GAP;
  const fitsBelow = below + size.height <= innerHeight - EDGE;
  const top = fitsBelow ? below : from.top - GAP - size.height;
  // The menu grows away from the nearer side of the window.
  const left = from.left + size.width <= innerWidth - EDGE ? from.left : from.right - size.width;
  menu.style.top = `${clamp(top, innerHeight - size.height)}px`;
  menu.style.left = `${clamp(left, innerWidth - size.width)}px`;
}

function clamp(value, room) {
  return Math.max(EDGE, Math.min(value, room - EDGE));
}

let opened = null;

const buttonOf = (menu) => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
let pressed = null;

document.addEventListener(
  "click",
  (event) => {
    pressed = event.target.closest("[popovertarget]");
  },
  true,
);

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const button = pressed?.getAttribute("popovertarget") === menu.id ? pressed : buttonOf(menu);
    const open = event.newState === "open";
    button?.setAttribute("aria-expanded", String(open));
    opened = open && button ? { menu, button } : null;
    if (opened) place(menu, button);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu:popover-open");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  if (event.target.matches("input, textarea, select")) return;
  const items = [...menu.querySelectorAll(".menu-item:not(:disabled)")];
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at < 1 ? items.length : at) - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  items[next].focus();
});

/* A choice is made: the menu has done its work, unless it says otherwise. */
document.addEventListener("click", (event) => {
  const item = event.target.closest(".menu-item:not([data-keeps-open])");
  item?.closest("[popover]")?.hidePopover();
});

/* It stays with its button; also when a phone's keyboard shortens the window under a field in it. */
for (const type of ["scroll", "resize"]) {
  addEventListener(
    type,
    (event) => {
      if (!opened?.button.isConnected || event.target === opened.menu) return;
      place(opened.menu, opened.button);
    },
    { capture: true, passive: true },
  );
}
