import { describe, expect, it } from 'vitest';
import { decodeText } from './decode.ts';

function bytes(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

describe('decoding a file', () => {
  it.each([
    { name: 'UTF-8', given: new TextEncoder().encode('a: é'), text: 'a: é' },
    { name: 'UTF-8 with a mark, which stays', given: bytes(0xef, 0xbb, 0xbf, 0x61), text: '\ufeffa' },
    { name: 'little-endian UTF-16', given: bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0), text: '\ufeffaé' },
    {
      name: 'big-endian UTF-16',
      given: bytes(0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0x42),
      text: '\ufeffa\u{1f642}',
    },
    { name: 'nothing', given: bytes(), text: '' },
    {
      name: 'a null byte far from the beginning',
      given: new Uint8Array(9000).fill(97).with(8999, 0),
      text: `${'a'.repeat(8999)}\0`,
    },
  ])('reads $name', ({ given, text }) => {
    expect(decodeText(given)).toEqual({ ok: true, value: text });
  });

  it.each([
    { name: 'a null byte', given: bytes(0x61, 0, 0x62), reason: 'The file is binary.' },
    { name: 'bytes that are not UTF-8', given: bytes(0x61, 0xff), reason: 'The file is not valid UTF-8.' },
    { name: 'a surrogate in UTF-8', given: bytes(0xed, 0xa0, 0x80), reason: 'The file is not valid UTF-8.' },
    {
      name: 'half a UTF-16 pair',
      given: bytes(0xff, 0xfe, 0x3d, 0xd8),
      reason: 'The file is not valid UTF-16LE.',
    },
    { name: 'an odd UTF-16 byte', given: bytes(0xfe, 0xff, 0), reason: 'The file is not valid UTF-16BE.' },
  ])('refuses $name', ({ given, reason }) => {
    expect(decodeText(given)).toEqual({ ok: false, error: { code: 'not-text', reason } });
  });
});
