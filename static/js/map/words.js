/* Sentences in the reader's language, from the page (templates/journeys/words.html). */
const words = document.getElementById("words");
const sentence = (key) => words.getAttribute(`data-${key}`);
const rules = new Intl.PluralRules(document.documentElement.lang);

/* `say("moved", { name })` fills in "{name}". */
export function say(key, values = {}) {
  return (sentence(key) ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/* The sentence in the plural form that the number asks for. */
export const count = (key, n) => say(`${key}-${rules.select(n)}`, { n });

let clearing;

/* Spoken by screen readers; the eye sees it happen. */
export function speak(text) {
  const spoken = document.getElementById("spoken");
  spoken.textContent = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => (spoken.textContent = ""), 5_000);
}
