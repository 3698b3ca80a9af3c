import { describe, expect, it } from 'vitest';
import { ScalarError } from './fault.ts';
import { resolvePlain, type ScalarValue } from './scalar.ts';

const BIG = 2n ** 64n - 1n;

describe('an untagged plain scalar', () => {
  it.each<[ScalarValue, readonly string[]]>([
    [true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']],
    [false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']],
    [null, ['', '~', 'null', 'Null', 'NULL']],
    [
      420,
      ['0644', '0o644', '0O644', '420', '+420', '4_2_0', '0x1a4', '0X1A4', '0b110100100', '4.2e2', '420.'],
    ],
    [-31, ['-31', '-0x1f', '-037', '-0b11111', '-31.0', '-_31']],
    [8, ['08', '8', '010', '0_8']],
    [0, ['0', '-0', '00', '0x0', '0.0', '1e-400', '.0']],
    [0.5, ['.5', '0.5', '+.5', '5e-1', '.5_0']],
    [1000, ['1e3', '1E+3', '1_000', '1000.000']],
    [9007199254740993n, ['9007199254740993', '0x20000000000001']],
    [-9223372036854775808n, ['-9223372036854775808']],
    [BIG, ['18446744073709551615', '0xFFFFFFFFFFFFFFFF', '01777777777777777777777']],
    [2 ** 64, ['18446744073709551616', '+18446744073709551615']],
    [1, [`${'0'.repeat(500)}1`, `1.${'0'.repeat(500)}`, `0b${'0'.repeat(500)}1`]],
  ])('is %s', (value, texts) => {
    for (const text of texts) expect([text, resolvePlain(text)]).toEqual([text, value]);
  });

  it.each([
    ...[
      'yEs',
      'oN',
      'tRUE',
      'nULL',
      'none',
      'True ',
      '12:30:45',
      '2024-01-01',
      '2001-12-14t21:59:43.10-05:00',
    ],
    ...[
      '_1',
      '._5',
      '.5_',
      '.e5',
      '1e',
      '0x',
      '0x_',
      '0b2',
      '0o8',
      '0xFFFFFFFFFFFFFFFFF',
      '-',
      '+',
      '.',
      '1e400',
    ],
    ...[
      `0b${'1'.repeat(65)}`,
      '<<',
      '=',
      '1.2.3',
      '100m',
      '1Gi',
      '0x1p4',
      '.Nan',
      'Infinity',
      'NaN',

      '٣',
    ],
  ])('%s stays text', (text) => {
    expect(resolvePlain(text)).toBe(text);
  });

  it.each(['.inf', '.Inf', '-.INF', '+.inf', '.nan', '.NaN', '.NAN'])(
    '%s is refused: JSON has no such number',
    (text) => {
      expect(() => resolvePlain(text)).toThrow(ScalarError);
    },
  );

  it('is read in linear time however long', () => {
    for (const digit of ['9', '0', '_', '0b1', '1.', 'e', '.'])
      expect(resolvePlain(`1${digit.repeat(300_000)}x`)).toMatch(/x$/);
  });
});
