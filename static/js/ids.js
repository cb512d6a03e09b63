/* UUIDs, version 7: time first, so that what is made later sorts later (ui/ids.py makes the same).
   Not crypto.randomUUID: a team's own server is often plain http, where browsers withhold it. */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let at = 5; at >= 0; at--) {
    bytes[at] = now % 256;
    now = Math.floor(now / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return dashed([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/* Elements carry ids without dashes, addresses with them. */
export const hex = (id) => id.replaceAll("-", "");

export function dashed(id) {
  return hex(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
