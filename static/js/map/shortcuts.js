/* Letters with Ctrl: by the key's place where it writes no Latin sign, for on a Russian keyboard Z is Я. */
export const isKey = ({ key, code }, letter) =>
  /^[ -~]$/.test(key) ? key.toLowerCase() === letter : code === `Key${letter.toUpperCase()}`;

const withCtrl = ({ ctrlKey, metaKey, altKey }) => (ctrlKey || metaKey) && !altKey;

export const undoes = (event) => withCtrl(event) && !event.shiftKey && isKey(event, "z");

export const redoes = (event) =>
  withCtrl(event) && (isKey(event, "y") || (event.shiftKey && isKey(event, "z")));
