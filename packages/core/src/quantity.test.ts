import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareQuantity, parseQuantity, quantityToNumber } from './quantity.ts';

function nano(value: unknown): bigint | string {
  const parsed = parseQuantity(value);
  return parsed.ok ? parsed.value.nano : parsed.error.message;
}

const ONE = 1_000_000_000n;

/** What resource.ParseQuantity of k8s.io/apimachinery v0.34.1 makes of these, in billionths. */
const ACCEPTED: readonly (readonly [string | number | bigint, bigint])[] = [
  ['1', ONE],
  ['0', 0n],
  ['-1', -ONE],
  ['+1', ONE],
  ['100m', 100_000_000n],
  ['0.1', 100_000_000n],
  ['.5', 500_000_000n],
  ['5.', 5n * ONE],
  ['.', 0n],
  ['-', 0n],
  ['1.5Gi', 1_610_612_736n * ONE],
  ['1Ki', 1024n * ONE],
  ['-1Ki', -1024n * ONE],
  ['0.5Ki', 512n * ONE],
  ['0.1Ki', 102_400_000_000n],
  ['1k', 1000n * ONE],
  ['1M', 1_000_000n * ONE],
  ['1Mi', 1_048_576n * ONE],
  ['1E', 1_000_000_000_000_000_000n * ONE],
  ['1Ei', 1_152_921_504_606_846_976n * ONE],
  ['1e3', 1000n * ONE],
  ['1E3', 1000n * ONE],
  ['1e-3', 1_000_000n],
  ['1e+3', 1000n * ONE],
  ['1.5e3', 1500n * ONE],
  ['12e6', 12_000_000n * ONE],
  ['100n', 100n],
  ['1u', 1000n],
  ['1.5n', 2n],
  ['0.0000000001', 1n],
  ['-0.0000000001', -1n],
  ['1e-10', 1n],
  ['-1.5m', -1_500_000n],
  ['1.0001m', 1_000_100n],
  ['00100', 100n * ONE],
  ['9223372036854775808', 9_223_372_036_854_775_808n * ONE],
  [2, 2n * ONE],
  [0.5, 500_000_000n],
  [9_223_372_036_854_775_807n, 9_223_372_036_854_775_807n * ONE],
];
const REFUSED = [
  '',
  '1ki',
  '1K',
  '1e',
  '1m5',
  '1 Gi',
  ' 1',
  '1Gi ',
  '0x10',
  '1_000',
  '1.2.3',
  '--1',
  '1Ki5',
  'infinity',
  '1e3k',
  '1Ee',
  null,
  true,
  {},
];

describe('parseQuantity', () => {
  it.each(ACCEPTED)('reads %s as Kubernetes does', (text, expected) => {
    expect(nano(text)).toBe(expected);
  });

  it.each(REFUSED)('refuses %j', (text) => {
    expect(nano(text)).toMatch(/is not a quantity|is a text or a number/);
  });

  it('orders as numbers do', () => {
    const integer = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(integer, integer, fc.constantFrom('', 'm', 'k', 'Ki', 'e2'), (a, b, suffix) => {
        const [first, second] = [a, b].map((value) => parseQuantity(`${value}${suffix}`));

        expect(first?.ok === true && second?.ok === true && compareQuantity(first.value, second.value)).toBe(
          Math.sign(a - b),
        );
      }),
    );
  });

  it('gives the number back that was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (milli) => {
        const parsed = parseQuantity(`${milli}m`);

        expect(parsed.ok && quantityToNumber(parsed.value)).toBeCloseTo(milli / 1000, 9);
      }),
    );
  });
});
