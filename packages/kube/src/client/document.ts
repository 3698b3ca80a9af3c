import { isObject, type JsonObject, withShortNames } from '@bulwark/core';

/** How one document is asked for. */
export interface GetOptions {
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** How often a request that fails in passing is tried. */
  readonly attempts?: number;
  /** How often it is tried while the server asks to come back in a moment; `attempts` where it is undefined. */
  readonly askedAttempts?: number;
  /** How long the answer may take to begin, and to pause, in milliseconds. */
  readonly timeoutMs?: number;
}

/** An answer, and the media type that says what it is. */
export interface Got {
  readonly value: JsonObject;
  readonly contentType: string;
  /** Its size, unpacked. */
  readonly bytes: number;
}

/** A JSON object from bytes, in which names are short wherever it holds objects; undefined for anything else. */
export function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? withShortNames(value) : undefined;
  } catch {
    return undefined;
  }
}
