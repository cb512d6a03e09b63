/* What nobody misses if it is lost: no place in the queue, no second attempt. */
export function signal(path, fields) {
  const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
  fetch(path, { method: "POST", body: new URLSearchParams(fields), headers, keepalive: true }).catch(
    () => {},
  );
}

/* The cookie first: it is renewed when the person signs in again in another tab. */
export function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  return cookie ?? JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
}
