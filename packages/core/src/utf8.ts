const ROOM = 128;

/** Reused from call to call: a hash is asked for with every finding, and leaves nothing behind. */
let scratch = new Uint8Array(1024);

/**
 * A text's UTF-8 bytes, until it is called again: so many at the beginning; what lies beyond them is left over, with room for two
 * blocks of any hash. Half a surrogate pair is three bytes of its own, so that no two texts have the same.
 */
export function toUtf8(text: string): { readonly bytes: Uint8Array; readonly length: number } {
  if (scratch.length < text.length * 3 + ROOM) scratch = new Uint8Array(text.length * 6 + ROOM);
  const bytes = scratch;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    const low = text.charCodeAt(at + 1);
    if (code >= 0xd800 && code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      at++;
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 63);
    } else if (code >= 0x800) bytes[length++] = 0xe0 | (code >> 12);
    else {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 63);
      continue;
    }
    bytes[length++] = 0x80 | ((code >> 6) & 63);
    bytes[length++] = 0x80 | (code & 63);
  }
  return { bytes, length };
}
