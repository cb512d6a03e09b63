/* Places a `.menu[popover]` at its button, one that goes further (`.menu-beside`) beside the first, and lets
   arrows walk through them. */
const GAP = 4;
const EDGE = 8;

function place(menu, button) {
  // One that cannot be seen was pressed in another menu: that one stood at the right.
  const from = button.checkVisibility() ? button.getBoundingClientRect() : new DOMRect(innerWidth, 0, 0, 0);
  const size = menu.getBoundingClientRect();
  const beside = from.left - size.width - EDGE;
  if (menu.matches(".menu-beside") && beside >= EDGE) {
    menu.style.top = `${clamp(from.top - EDGE, innerHeight - size.height)}px`;
    menu.style.left = `${beside}px`;
    return;
  }
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

let pressed = null;

/* The button that was pressed, where it can be seen: the palette presses those of closed menus too. */
function buttonOf(menu) {
  const all = [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)];
  const seen = all.filter((button) => button.checkVisibility());
  return seen.includes(pressed) ? pressed : (seen[0] ?? all[0]);
}

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
    const button = buttonOf(menu);
    const open = event.newState === "open";
    button?.setAttribute("aria-expanded", String(open));
    opened = open && button ? { menu, button } : null;
    if (opened) place(menu, button);
  },
  true,
);

const openMenus = () => [...document.querySelectorAll(".menu:popover-open")];

document.addEventListener("keydown", (event) => {
  const menu = openMenus().at(-1);
  if (!menu || event.target.matches("input, textarea, select")) return;
  if (event.key === "ArrowRight" && event.target.matches(".menu-item[popovertarget]")) {
    event.preventDefault();
    event.target.click();
    openMenus().at(-1).querySelector(".menu-item").focus();
  } else if (event.key === "ArrowLeft" && menu.matches(".menu-beside")) {
    event.preventDefault();
    menu.hidePopover();
    buttonOf(menu).focus();
  }
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll(".menu-item:not(:disabled)")].filter((item) => item.checkVisibility());
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

/* A choice is made: the menus have done their work, unless it says otherwise. */
document.addEventListener("click", (event) => {
  const item = event.target.closest(".menu-item:not([data-keeps-open])");
  if (item?.closest("[popover]")) for (const menu of openMenus().reverse()) menu.hidePopover();
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
