import { err, ok, type Result } from '@bulwark/core';

/** Why bytes are not text. */
export interface DecodeError {
  readonly code: 'not-text';
  readonly reason: string;
}

const STRICT = { fatal: true, ignoreBOM: true } as const;

/**
 * Decodes a file: UTF-8, or UTF-16 with a byte order mark (YAML 1.2.2, 5.2). The mark stays in the text, so that
 * offsets count it as editors do not; the reader skips it.
 */
export function decodeText(bytes: Uint8Array): Result<string, DecodeError> {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  if (!isUtf16 && bytes.subarray(0, BINARY_PROBE).includes(0))
    return err({ code: 'not-text', reason: 'The file is binary.' });
  try {
    return ok(new TextDecoder(encoding, STRICT).decode(bytes));
  } catch {
    // TextDecoder says no more than that the bytes are not of the encoding.
    return err({ code: 'not-text', reason: `The file is not valid ${encoding.toUpperCase()}.` });
  }
}

const BINARY_PROBE = 8192;
