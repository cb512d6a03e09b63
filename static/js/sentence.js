/* The sentence of a refusal, out of the HTML that it came as. */
export function sentence(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = [...page.querySelectorAll(".refusal")].map((one) => one.textContent.trim());
  return said.join(" ");
}
