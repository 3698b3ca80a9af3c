import { EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';

const FOREIGN = /[\u0085\u2028\u2029]/g;
const NEXT_LINE = '\u0085';

/**
 * The place of the first character that ends a line for libyaml, which reads YAML 1.1, but not for a reader of YAML
 * 1.2, and that could make them see different documents: a comment that ends, a key that begins. -1 when there is
 * none. A line or paragraph separator inside a quoted scalar, with text on both sides, is the same to both; so is all
 * of them in valid JSON, which kubectl reads as such.
 */
export function findForeignBreak(source: string, events: readonly Event[]): number {
  if (!hasForeignBreak(source)) return -1;
  const quoted = events.flatMap((event) =>
    event.type === EVENT_ID.SCALAR &&
    (event.style === SCALAR_STYLE.DOUBLE_QUOTED || event.style === SCALAR_STYLE.SINGLE_QUOTED)
      ? [{ start: event.valueStart, end: event.valueEnd }]
      : [],
  );
  let range = 0;
  for (const { index, 0: char } of source.matchAll(FOREIGN)) {
    while ((quoted[range]?.end ?? Infinity) <= index) range++;
    const isInside = (quoted[range]?.start ?? Infinity) <= index;
    const hasSpace = /\s/.test(source.slice(index - 1, index) + source.slice(index + 1, index + 2));
    if (!isInside || char === NEXT_LINE || hasSpace) return index;
  }
  return -1;
}

function hasForeignBreak(source: string): boolean {
  return source.search(FOREIGN) >= 0 && !isJson(source);
}

function isJson(source: string): boolean {
  if (!/^\s*\{/.test(source)) return false;
  try {
    JSON.parse(source);
    return true;
  } catch {
    // It is YAML then, whatever is wrong with it as JSON.
    return false;
  }
}
