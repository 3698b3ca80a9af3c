import { err, ok, type Result } from './result.ts';

/** An amount of a resource, exact to a billionth: `1.5Gi`, `100m`, `12e6`. */
export interface Quantity {
  /** In billionths, because Kubernetes keeps nothing finer. */
  readonly nano: bigint;
}

/** A text that is no quantity. */
export interface QuantityError {
  readonly message: string;
}

const NANO = 1_000_000_000n;
const NANO_DIGITS = 9;
const QUANTITY =
  /^([+-]?)(\d{0,400})(?:\.(\d{0,400}))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|[eE]([+-]?\d{1,3}))?$/;
const BINARY = new Map(
  ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 2n ** BigInt(10 * (index + 1))]),
);
const DECIMAL = new Map<string, number>([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);

/**
 * Reads a quantity as k8s.io/apimachinery/pkg/api/resource does: a signed decimal number with a binary suffix (Ki to Ei),
 * a decimal one (n to E), or an exponent. What is finer than a billionth is rounded away from zero. Numbers of a manifest
 * are taken as they are written. Beyond 2^63 Kubernetes caps some forms; here every value stays exact.
 */
export function parseQuantity(value: unknown): Result<Quantity, QuantityError> {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint')
    return err({ message: 'a quantity is a text or a number' });
  const text = String(value);
  const match = text === '' ? null : QUANTITY.exec(text);
  if (match === null) return err({ message: `"${text.slice(0, 40)}" is not a quantity such as 100m or 1Gi` });
  const [, sign, whole = '', fraction = '', suffix = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const power = NANO_DIGITS - fraction.length + (DECIMAL.get(suffix) ?? 0) + Number(exponent);
  const magnitude = scale(digits * (BINARY.get(suffix) ?? 1n), power);
  return ok({ nano: sign === '-' ? -magnitude : magnitude });
}

/** A number times a power of ten, rounded up. */
function scale(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/** Negative, zero or positive, as the first quantity is less than, equal to or more than the second. */
export function compareQuantity(a: Quantity, b: Quantity): number {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}

/** The nearest number: cores, bytes or whatever the resource counts. */
export function quantityToNumber({ nano }: Quantity): number {
  const whole = nano / NANO;
  return Number(whole) + Number(nano - whole * NANO) / Number(NANO);
}
