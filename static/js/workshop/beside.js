/* The wall on a participant's own screen: beside what is one's own where there is room for both, else in
   its place and back with one press. The server draws it into #screen for a browser whose cookie asks
   for it, so that looking is no second question.

   #room[data-ui-wall]  whether it is looked at
   [data-to-wall]       the button that says so */
const FOLDED = "cjm:wall-folded"; // this browser would rather have its screen for itself
const page = document.getElementById("room");
const wide = matchMedia("(width >= 1100px)");
let looking = false; // on a screen that has room for one of them

function isFolded() {
  try {
    return localStorage.getItem(FOLDED) === "1";
  } catch {
    return false;
  }
}

function fold(folded) {
  try {
    localStorage.setItem(FOLDED, folded ? "1" : "");
  } catch {
    // Then it is forgotten with the page.
  }
}

const wanted = () => (wide.matches ? !isFolded() : looking);

/* Says whether the server has to be asked. */
export function settleWall() {
  const yes = wanted();
  page.dataset.uiWall = yes;
  document.cookie = `wall=${yes ? 1 : ""}; path=/room/; SameSite=Lax${yes ? "" : "; max-age=0"}`;
  for (const button of document.querySelectorAll("[data-to-wall]")) button.ariaPressed = yes;
  return yes && !document.getElementById("wall-here");
}

export function turnWall() {
  if (wide.matches) fold(!isFolded());
  else looking = !looking;
}

/* Whether it stands where one's own would. */
export const isInstead = () => looking && !wide.matches;

export const onWidth = (act) => wide.addEventListener("change", act);

settleWall();
