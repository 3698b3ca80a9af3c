import { ScalarError } from './fault.ts';
import { resolveAny, resolveInteger } from './scalar.ts';
import { resolveTagged } from './tag.ts';

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The text of a mapping key as sigs.k8s.io/yaml makes it from a scalar: integers in decimal, floats in the shortest
 * form of 32 bits, booleans as `true` and `false`.
 *
 * @param tag the full tag, or `plain` or `quoted`: how an untagged scalar is written.
 * @throws ScalarError for null and for integers beyond 63 bits, which cannot be keys, and for unfit tags.
 */
export function keyText(text: string, tag: string): string {
  if (tag === 'quoted') return text;
  const value = tag === 'plain' ? resolveAny(text) : resolveTagged(text, tag);
  if (typeof value === 'string') return value;
  if (value === null) throw new ScalarError('key-null');
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint' && value > MAX_INT64) throw new ScalarError('key-too-large');
  const isInteger = !tag.endsWith(':float') && resolveInteger(text) !== undefined;
  return isInteger || typeof value === 'bigint' ? String(value) : formatFloat32(value);
}

/** Digits that tell any two numbers of 32 bits apart. */
const MOST_DIGITS = 9;
/** Where Go's `%g` of the shortest digits goes over to exponents. */
const LEAST_EXPONENT = -4;
const MOST_EXPONENT = 6;

/** A float as Go's `strconv.FormatFloat(value, 'g', -1, 32)` prints it, and `.inf`, `-.inf`, `.nan` as YAML does. */
export function formatFloat32(value: number): string {
  const float = Math.fround(value);
  if (Number.isNaN(float)) return '.nan';
  if (!Number.isFinite(float)) return float > 0 ? '.inf' : '-.inf';
  if (float === 0) return Object.is(float, -0) ? '-0' : '0';
  const shortest = shortestOf(float);
  const exponent = Number(shortest.slice(shortest.indexOf('e') + 1));
  if (exponent >= LEAST_EXPONENT && exponent < MOST_EXPONENT) return String(Number(shortest));
  return shortest.replace(/\d$/, (digit, at: number) =>
    /\d/.test(shortest[at - 1] ?? '') ? digit : `0${digit}`,
  );
}

function shortestOf(float: number): string {
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    const text = float.toExponential(digits);
    if (Math.fround(Number(text)) === float) return text;
  }
  return float.toExponential();
}
