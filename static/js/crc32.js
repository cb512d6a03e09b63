/* CRC-32 of plain ASCII, as zlib reckons it. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(ascii) {
  let value = 0xffffffff;
  for (let at = 0; at < ascii.length; at++) {
    value = TABLE[(value ^ ascii.charCodeAt(at)) & 0xff] ^ (value >>> 8);
  }
  return ~value >>> 0;
}
