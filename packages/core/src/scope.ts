import { groupKindOf, groupOf } from './group-kind.ts';
import { isObject } from './json.ts';
import { namesOfKind, saysGroup } from './query/kind-names.ts';
import { namespaceOf, type Resource, type ResourceRef } from './resource.ts';
import { type Labels, labelsOf } from './world.ts';

/** A set of objects by what they are called; every part that is given has to fit. Texts may hold `*` for any characters. */
export interface ResourceScope {
  readonly namespaces?: readonly string[];
  /** Of every API group that has them, or with theirs as queries have it: `Cluster.cluster.x-k8s.io`, `Service.` for the core one. */
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  /** Labels of the object or of its pods, all of them. */
  readonly labels?: Labels;
  /** Files, from where the scan was started. */
  readonly paths?: readonly string[];
}

/** Whether a text fits a pattern in which `*` stands for any characters, none included. Linear in pattern times text. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether there are texts that fit both of two patterns, in which `*` stands for any characters. */
export function canFitBoth(one: string, other: string): boolean {
  if (!one.includes('*')) return matchesPattern(other, one);
  if (!other.includes('*')) return matchesPattern(one, other);
  // What lies between the first and the last star of both can follow each other: the stars take the rest.
  const [start, otherStart] = [one, other].map((each) => each.slice(0, each.indexOf('*')));
  const [end, otherEnd] = [one, other].map((each) => each.slice(each.lastIndexOf('*') + 1));
  return isOneWithin(start, otherStart, 'startsWith') && isOneWithin(end, otherEnd, 'endsWith');
}

function isOneWithin(one = '', other = '', how: 'startsWith' | 'endsWith'): boolean {
  return one[how](other) || other[how](one);
}

/** Whether one of several patterns fits; no patterns at all fit everything. */
export function fitsPatterns(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true;
  return text !== undefined && patterns.some((pattern) => matchesPattern(pattern, text));
}

function fitsKinds(patterns: readonly string[] | undefined, { apiVersion, kind }: ResourceRef): boolean {
  if (patterns === undefined) return true;
  const { alone, withGroup } = namesOfKind(groupKindOf(groupOf(apiVersion), kind));
  return patterns.some(
    (pattern) =>
      matchesPattern(pattern, alone) || (saysGroup([pattern]) && matchesPattern(pattern, withGroup)),
  );
}

/** What a scope is asked about. */
export interface ScopeSubject extends ResourceRef {
  readonly file?: string | undefined;
}

/** Whether a scope holds an object; without the object itself no scope with labels does. */
export function inScope(scope: ResourceScope, subject: ScopeSubject, resource?: Resource): boolean {
  const { name, file } = subject;
  return (
    fitsPatterns(scope.namespaces, namespaceOf(subject)) &&
    fitsKinds(scope.kinds, subject) &&
    fitsPatterns(scope.names, name) &&
    fitsPatterns(scope.paths, file) &&
    (scope.labels === undefined || hasLabels(scope.labels, resource))
  );
}

/** Whether a scope holds a resource, with the file that it was read from. */
export function holdsResource(scope: ResourceScope, resource: Resource): boolean {
  const { apiVersion, kind, namespace, name, origin } = resource;
  const file = origin.kind === 'file' ? origin.lines.file : undefined;
  return inScope(scope, { apiVersion, kind, namespace, name, file }, resource);
}

function hasLabels(wanted: Labels, resource: Resource | undefined): boolean {
  if (resource === undefined) return false;
  const { metadata } = resource.object;
  const own = labelsOf(isObject(metadata) ? metadata : undefined);
  const pods = resource.workloads.map((workload) => labelsOf(workload.metadata));
  return [own, ...pods].some((labels) =>
    Object.entries(wanted).every(
      ([key, pattern]) => labels[key] !== undefined && matchesPattern(pattern, labels[key]),
    ),
  );
}
