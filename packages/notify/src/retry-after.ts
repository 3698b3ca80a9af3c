const SECOND_MS = 1000;
const LONGEST_WAIT_MS = 24 * 60 * 60 * SECOND_MS;

const DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/;
const DATE_OF_ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long the header `Retry-After` of an answer asks to wait: seconds, or until a date (RFC 9110 10.2.3) in any of the three
 * forms that are to be understood (5.6.7). A day at most; undefined where it asks for no wait, or for what nobody understands.
 */
export function waitAsked(header: string | readonly string[] | undefined, now: Date): number | undefined {
  const [asked = ''] = [header ?? []].flat();
  const wait = /^\d+$/.test(asked) ? Number(asked) * SECOND_MS : momentOf(asked) - now.getTime();
  return wait > 0 ? Math.min(LONGEST_WAIT_MS, wait) : undefined;
}

/** In milliseconds since 1970; NaN for what is no date. */
function momentOf(text: string): number {
  if (DATE.test(text)) return Date.parse(text);
  return DATE_OF_ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
