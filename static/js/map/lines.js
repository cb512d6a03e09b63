/* Pasted text as lines, without the bullets and numbers of the list it was copied from. */
const MARK = /^\s*(?:[•◦▪‣·*\-–—]|\d{1,3}[.)])\s+/;

export function linesOf(text) {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(MARK, "").trim())
    .filter(Boolean);
}
