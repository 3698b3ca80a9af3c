import { withoutReason } from './annotated-exceptions-read.ts';
import type { Exception } from './exception.ts';
import { CommentPlaces } from './exception-comments-places.ts';
import { dayBefore, isDay } from './exception-day.ts';
import type { FileLines } from './origin.ts';
import type { Resource } from './resource.ts';
import { seenText } from './seen-text.ts';

/** What a comment for another tool says, and where in the text it stands. */
export interface ExceptionComment {
  readonly origin: Exception['origin'];
  readonly names: readonly string[];
  readonly reason: string;
  readonly until?: string;
  /** Why it accepts nothing, though it names something. */
  readonly problem?: string;
  readonly offset: number;
}

/** A comment, and the object that it is about. */
export interface CommentOnObject {
  readonly comment: ExceptionComment;
  readonly resource: Resource;
}

const MARKER = /trivy:ignore:|(?:checkov|bridgecrew|cortex):skip=/g;
/** As much of a comment as is read. */
const LONGEST = 1000;

/**
 * Comments by which trivy and checkov are told to ignore something: `trivy:ignore:ID[:exp:DAY]`, `checkov:skip=ID:reason`.
 * The same words in a key or a value are none.
 */
export function exceptionComments(
  text: string,
  lines: FileLines,
  resources: readonly Resource[],
): CommentOnObject[] {
  if (resources.length === 0 || text.search(MARKER) < 0) return [];
  const places = new CommentPlaces(text, lines, resources);
  return Array.from(text.matchAll(MARKER)).flatMap(({ 0: marker, index }) => {
    const resource = places.objectAt(index);
    if (resource === undefined) return [];
    const rest = /^[^\r\n]*/.exec(text.slice(index, index + LONGEST))?.[0] ?? '';
    const said = marker.startsWith('trivy') ? readTrivy(rest) : readCheckov(rest);
    return [{ comment: { ...said, offset: index }, resource }];
  });
}

type Said = Omit<ExceptionComment, 'offset'>;

/** `checkov:skip=ID:reason`, or several ids with commas. */
function readCheckov(comment: string): Said {
  const { ids = '', reason = '' } =
    /^\w+:skip= *(?<ids>[A-Za-z_\d]+(?:,[A-Za-z_\d]+)*)?(?::(?<reason>.*))?/.exec(comment)?.groups ?? {};
  return {
    origin: 'tool:checkov',
    names: ids.split(',').map((id) => `checkov:${id}`),
    reason: seenText(reason) || withoutReason('checkov'),
  };
}

/**
 * `trivy:ignore:ID:exp:DAY`, `*` for every id; what stands after it up to the next is for people. It holds until the day
 * begins, so the day before is its last.
 */
function readTrivy(comment: string): Said {
  const [rule = '', ...words] = comment.split(/[ \t]+/);
  const [id = '', ...options] = rule.slice('trivy:ignore:'.length).split(':');
  const next = words.findIndex((word) => word.includes('trivy:ignore:'));
  const reason = words.slice(0, next < 0 ? words.length : next).join(' ');
  const day = options[0] === 'exp' ? options[1] : undefined;
  const problem = problemOf(id, options);
  return {
    origin: 'tool:trivy',
    names: [trivyName(id)],
    reason: seenText(reason) || withoutReason('trivy'),
    ...(problem !== undefined && { problem }),
    ...(day !== undefined && isDay(day) && { until: dayBefore(day) }),
  };
}

function problemOf(id: string, [option, day = '', ...more]: readonly string[]): string | undefined {
  if (id.includes('[')) return 'a condition in brackets is not understood';
  if (option === undefined) return undefined;
  if (option !== 'exp' || more.length > 0)
    return 'of what can follow the id only exp:YYYY-MM-DD is understood';
  return isDay(day) ? undefined : 'what follows exp is not a day such as 2027-01-31';
}

/** The alias of a trivy id in any of its spellings: `AVD-KSV-0010`, `KSV010`, `ksv-0010`. */
function trivyName(id: string): string {
  if (id === '*') return 'trivy:*';
  const [, letters, digits] = /^(?:AVD-)?([A-Z]+)-?(\d+)(?:\[|$)/i.exec(id) ?? [];
  if (letters === undefined || digits === undefined) return `trivy:${id.replaceAll('*', '')}`;
  return `trivy:${letters.toUpperCase()}-${digits.padStart(4, '0')}`;
}
