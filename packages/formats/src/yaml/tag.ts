import { decodeBase64 } from './base64.ts';
import { ScalarError } from './fault.ts';
import { resolveAny, resolveInteger, type ScalarValue } from './scalar.ts';

const CORE = 'tag:yaml.org,2002:';

/** The tag of a merge key. */
export const MERGE_TAG = `${CORE}merge`;

/** The tag handles and prefixes that a document's `%TAG` directives declare. */
export type TagHandles = ReadonlyMap<string, string>;

/** The full form of a tag as it is written: `!!int` is `tag:yaml.org,2002:int`. */
export function fullTag(raw: string, handles: TagHandles): string {
  if (raw === '!') return raw;
  if (raw.startsWith('!<')) return decodePercent(raw.slice(2, -1));
  const handle = /^!(?:[0-9A-Za-z-]*!)?/.exec(raw)?.[0] ?? '!';
  const prefix = handles.get(handle) ?? (handle === '!!' ? CORE : handle);
  return prefix + decodePercent(raw.slice(handle.length));
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // No tag that has a meaning here needs escapes, so that a broken one is as good as unknown.
    return text;
  }
}

/**
 * The value of a scalar that carries an explicit tag. As in Go, it does not matter whether the scalar is quoted, and a
 * tag that is not one of YAML's own leaves the text as it is. Infinities and NaN come as numbers.
 *
 * @param tag the full tag, such as `tag:yaml.org,2002:str` or `!custom`.
 * @throws ScalarError when the text does not fit the tag.
 */
export function resolveTagged(text: string, tag: string): ScalarValue {
  switch (tag) {
    case `${CORE}null`:
      return resolveAny(text) === null ? null : refuse();
    case `${CORE}bool`: {
      const value = resolveAny(text);
      return typeof value === 'boolean' ? value : refuse();
    }
    case `${CORE}int`:
      return resolveInteger(text) ?? refuse();
    case `${CORE}float`:
      return float(text);
    case `${CORE}timestamp`:
      return isTimestamp(text) ? text : refuse();
    case `${CORE}binary`:
      return decodeBase64(text) ?? refuse();
    default:
      return text;
  }
}

function refuse(): never {
  throw new ScalarError('unfit-tag');
}

function float(text: string): number {
  const value = resolveAny(text);
  if (typeof value === 'number') return value;
  // Go turns a signed integer into a float, and refuses an unsigned one.
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return Number(value);
  return refuse();
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d{2}:\d{2})?)?$/;

/** The four forms that Go's YAML tries; only an explicit `!!timestamp` asks. */
function isTimestamp(text: string): boolean {
  const [, year, month, day, mark, hour = 0, minute = 0, second = 0, zone] = TIMESTAMP.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const hasZone = zone !== undefined;
  const wantsZone = mark === 'T' || mark === 't';
  return exists && hasZone === wantsZone && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}
