import { describe, expect, it } from 'vitest';
import { decodeBase64, littleEndianChecksum, tokenChecksum } from './secret-encodings.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('the checksum of a token', () => {
  it.each([
    // The check value that every description of CRC-32 gives.
    ['123456789', 0xcbf43926],
    ['a', 0xe8b7be43],
    ['', 0],
  ])('is the CRC-32 of "%s" in six digits of base 62', (body, crc) => {
    const text = tokenChecksum(body);

    expect(text).toHaveLength(6);
    expect([...text].reduce((sum, digit) => sum * 62 + BASE62.indexOf(digit), 0)).toBe(crc);
  });
});

it('writes a CRC-32 from its lowest byte on', () => {
  expect(littleEndianChecksum('123456789')).toBe('2639f4cb');
});

describe('decodeBase64', () => {
  it.each(['', 'a', 'ab', 'abc', '{"alg":"HS256"}', 'user:pa~~ss??>>'])('reads back "%s"', (text) => {
    expect(decodeBase64(Buffer.from(text).toString('base64'))).toBe(text);
    expect(decodeBase64(Buffer.from(text).toString('base64url'))).toBe(text);
  });

  it.each(['a b', 'a!', 'é', 'ab=c'])('refuses "%s"', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
