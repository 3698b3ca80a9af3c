import { hash128 } from '@bulwark/core';

/** The letters of generated names in Kubernetes: no vowels, so that they never make a word. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A UID that its parts decide. */
export function uidOf(...parts: readonly string[]): string {
  const hex = hash128(parts.join('|'));
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The end of a generated name, as Kubernetes makes it, that its parts decide. */
export function suffixOf(length: number, ...parts: readonly string[]): string {
  const hex = hash128(parts.join('|'));
  return Array.from({ length }, (_item, index) => {
    const digits = Number.parseInt(hex.slice(index * 3, index * 3 + 3), 16);
    return LETTERS[digits % LETTERS.length] ?? 'x';
  }).join('');
}

/** A digest of an image, or a checksum, that its parts decide: 64 hexadecimal digits. */
export function digestOf(...parts: readonly string[]): string {
  const text = parts.join('|');
  return hash128(text) + hash128(`${text}|`);
}
