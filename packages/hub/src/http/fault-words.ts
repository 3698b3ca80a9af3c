/** What is known of a fault that zod has found; of sizes what is measured, and the limit, which is allowed unless it says otherwise. */
export interface Fault {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly origin?: unknown;
  readonly maximum?: unknown;
  readonly minimum?: unknown;
}

/** What is counted of what has a size. */
const COUNTED: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'entry',
  set: 'entry',
  map: 'entry',
};

/** A fault in words that follow the name of a field, with the limit where one was passed; else what the schema says. */
export function faultWords({ code, message, origin, maximum, minimum }: Fault): string {
  const unit = COUNTED[String(origin)];
  // What a schema says in words of its own is better than what can be said of every field.
  const isOfLibrary = message === undefined || /^Too (?:big|small)\b/.test(message);
  if (unit !== undefined && isOfLibrary) {
    if (code === 'too_big') return `must have at most ${amount(maximum, unit)}`;
    if (code === 'too_small')
      return minimum === 1 ? 'must not be empty' : `must have at least ${amount(minimum, unit)}`;
  }
  return message ?? 'is not what it must be';
}

function amount(limit: unknown, unit: string): string {
  const count = Number(limit);
  const units = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${count.toLocaleString('en')} ${count === 1 ? unit : units}`;
}
