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

/** The object that a comment belongs to: the one around it, else the next one of the same document. */
export function objectOfComment(
  text: string,
  offset: number,
  resources: readonly Resource[],
): Resource | undefined {
  let next: { readonly resource: Resource; readonly start: number } | undefined;
  let around: { readonly resource: Resource; readonly start: number } | undefined;
  for (const resource of resources) {
    if (resource.origin.kind !== 'file') continue;
    const { offsets, node } = resource.origin;
    const [start = 0, end = 0] = [offsets[node + 1], offsets[node + 2]];
    if (start <= offset && offset < end && (around === undefined || start > around.start))
      around = { resource, start };
    if (start > offset && (next === undefined || start < next.start)) next = { resource, start };
  }
  if (around !== undefined) return around.resource;
  const between = next && text.slice(offset, next.start);
  return between === undefined || /^---/m.test(between) ? undefined : next?.resource;
}
