import type { Exception } from './exception.ts';
import type { Resource } from './resource.ts';

/** What a comment for another tool says, and where in the text it stands. */
export interface ExceptionComment {
  readonly origin: Exception['origin'];
  readonly names: readonly string[];
  readonly reason: string;
  readonly until?: string;
  readonly offset: number;
}

const COMMENT =
  /#[ \t]*(?:trivy:ignore:(?:AVD-)?([A-Z]{2,5}-?\d{3,5})((?::\w+:[\w.-]+)*)|checkov:skip=(CKV2?_K8S_\d+)(?::([^\n]*))?)/g;

/** Comments by which trivy and checkov are told to ignore something: `trivy:ignore:ID[:exp:DAY]`, `checkov:skip=ID:reason`. */
export function exceptionComments(text: string): ExceptionComment[] {
  if (!text.includes('trivy:ignore:') && !text.includes('checkov:skip=')) return [];
  return Array.from(text.matchAll(COMMENT), ({ 1: trivy, 2: options = '', 3: checkov, 4: reason, index }) => {
    if (checkov !== undefined)
      return {
        origin: 'tool:checkov' as const,
        names: [`checkov:${checkov}`],
        reason: reason?.trim() || 'Ignored for checkov, without a reason.',
        offset: index,
      };
    const id = (trivy ?? '').replace(/^([A-Z]+)-?(\d+)$/, (_all, letters: string, digits: string) => {
      return `${letters}-${digits.padStart(4, '0')}`;
    });
    const until = /:exp:(\d{4}-\d{2}-\d{2})/.exec(options)?.[1];
    return {
      origin: 'tool:trivy' as const,
      names: [`trivy:${id}`],
      reason: 'Ignored for trivy, without a reason.',
      ...(until !== undefined && { until }),
      offset: index,
    };
  });
}

/** An object with the place in its file's text where it starts and ends. */
interface Placed {
  readonly resource: Resource;
  readonly start: number;
  readonly end: number;
}

/** The object that a comment belongs to: the innermost around it, else the next one of the same document. */
export function objectOfComment(
  text: string,
  offset: number,
  resources: readonly Resource[],
): Resource | undefined {
  const placed = resources.flatMap(placeOf);
  const around = placed.filter(({ start, end }) => start <= offset && offset < end);
  const innermost = around.reduce<Placed | undefined>(
    (a, b) => (a === undefined || b.start > a.start ? b : a),
    undefined,
  );
  if (innermost !== undefined) return innermost.resource;
  const after = placed.filter(({ start }) => start > offset);
  const next = after.reduce<Placed | undefined>(
    (a, b) => (a === undefined || b.start < a.start ? b : a),
    undefined,
  );
  return next === undefined || /^---/m.test(text.slice(offset, next.start)) ? undefined : next.resource;
}

function placeOf(resource: Resource): Placed[] {
  if (resource.origin.kind !== 'file') return [];
  const { offsets, node } = resource.origin;
  return [{ resource, start: offsets[node + 1] ?? 0, end: offsets[node + 2] ?? 0 }];
}
