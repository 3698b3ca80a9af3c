const HEX = Array.from({ length: 256 }, (_item, byte) => byte.toString(16).padStart(2, '0'));

/** The 32 bits of a number as eight hexadecimal digits. */
export function hexOf(value: number): string {
  return (
    (HEX[value >>> 24] ?? '') +
    (HEX[(value >>> 16) & 255] ?? '') +
    (HEX[(value >>> 8) & 255] ?? '') +
    (HEX[value & 255] ?? '')
  );
}
