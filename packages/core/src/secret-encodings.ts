const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CHECKSUM_LENGTH = 6;

/** The CRC-32 (ISO 3309) of ASCII text. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The six characters that end a token of GitHub or npm: the CRC-32 of the characters before, in base 62. */
export function tokenChecksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = BASE62.charAt(rest % BASE62.length) + text;
    rest = Math.floor(rest / BASE62.length);
  }
  return text;
}

/** The eight characters that end a token of Grafana: the CRC-32 of the characters before, its bytes from the lowest on. */
export function littleEndianChecksum(body: string): string {
  const crc = crc32(body);
  const bytes = [crc, crc >>> 8, crc >>> 16, crc >>> 24];
  return bytes.map((byte) => (byte & 0xff).toString(16).padStart(2, '0')).join('');
}

/** The bytes of base64 or base64url text, padded or not, one per character; undefined where it is neither. */
export function decodeBase64(text: string): string | undefined {
  let bytes = '';
  let bits = 0;
  let count = 0;
  for (const character of text.replace(/={1,2}$/, '')) {
    const digit = BASE64.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
    if (digit < 0) return undefined;
    bits = ((bits << 6) | digit) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += String.fromCharCode((bits >> count) & 0xff);
    }
  }
  return bytes;
}
