/**
 * The text of `!!binary` data as it reaches JSON: standard base64 with padding, line breaks allowed and nothing else;
 * every byte that is not UTF-8 becomes U+FFFD, one by one, as Go's encoder does.
 *
 * @returns undefined when it is not base64.
 */
export function decodeBase64(text: string): string | undefined {
  const compact = text.replaceAll(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bytes = Uint8Array.from(atob(compact), (char) => char.charCodeAt(0));
  return decodeUtf8(bytes);
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** How many bytes the character at a place takes; 0 when there is none (Unicode 15, table 3-7). */
function lengthAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const [least, most] = SECOND.get(lead) ?? [0x80, 0xbf];
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

const SECOND: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let valid = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = lengthAt(bytes, at);
    if (length > 0) at += length;
    else {
      parts.push(UTF8.decode(bytes.subarray(valid, at)), '\ufffd');
      valid = ++at;
    }
  }
  return parts.join('') + UTF8.decode(bytes.subarray(valid));
}
