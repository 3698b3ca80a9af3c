import { hash128 } from '@bulwark/core';

/** A statement that each connection plans once: planning it costs more than a small batch. */
export function prepared(text: string): { readonly name: string; readonly text: string } {
  return { name: `bulwark-${hash128(text).slice(0, 16)}`, text };
}
