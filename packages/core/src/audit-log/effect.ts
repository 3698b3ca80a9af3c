import { arrayAt, objectAt, stringAt } from '../json.ts';
import { requestParameters } from './request-parameters.ts';
import type { AuditWrite } from './write.ts';

/** Subresources that write a part of the spec of the object that they belong to, and nothing of its metadata. */
const WRITING = new Set(['scale', 'ephemeralcontainers', 'resize']);
/**
 * Subresources for something else that may write metadata besides, by the verbs that do. The status of what is custom is written alone;
 * annotations of a binding become those of the pod.
 */
const BESIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['status', ['update', 'patch']],
  ['approval', ['update', 'patch']],
  ['finalize', ['update']],
  ['binding', ['create']],
]);

/** Whether a subresource is for something else than the spec of its object, such as `status`. */
export function isWrittenBeside(subresource: string): boolean {
  return BESIDE.has(subresource);
}

/** A Binding may be made by itself, too: it has the name of its pod. */
export function subresourceOf(event: unknown): string {
  const isBinding =
    stringAt(event, 'objectRef', 'resource') === 'bindings' &&
    (stringAt(event, 'objectRef', 'apiGroup') ?? '') === '';
  return isBinding ? 'binding' : (stringAt(event, 'objectRef', 'subresource') ?? '');
}

/** What a request did, or may have done, to an object; undefined where nothing that is told. */
export function effectOf(event: unknown): AuditWrite['effect'] | undefined {
  if (!mayHaveWritten(event) || isDryRun(event)) return undefined;
  const subresource = subresourceOf(event);
  const verb = stringAt(event, 'verb') ?? '';
  if (subresource === 'eviction') return verb === 'create' ? 'deleted' : undefined;
  const beside = BESIDE.get(subresource);
  if (beside !== undefined) return beside.includes(verb) ? 'changed' : undefined;
  if (subresource !== '') return WRITING.has(subresource) && CHANGING.has(verb) ? 'changed' : undefined;
  // Server-side apply creates by a patch.
  if (CHANGING.has(verb)) return statusOf(event) === 201 ? 'created' : 'changed';
  return EFFECTS.get(verb);
}

const CHANGING = new Set(['update', 'patch']);
const EFFECTS: ReadonlyMap<string, AuditWrite['effect']> = new Map([
  ['create', 'created'],
  ['delete', 'deleted'],
  ['deletecollection', 'deleted'],
]);

function statusOf(event: unknown): unknown {
  return objectAt(event, 'responseStatus')?.['code'];
}

/**
 * A request whose time was over, or whose client hung up, is answered with 504, and goes on; one that failed in the API server, or
 * broke it off there (the stage Panic), may have written before that. What deletes many deletes one after the other, so that what is
 * refused for the next has deleted those before: all but what may not be asked at all.
 */
function mayHaveWritten(event: unknown): boolean {
  const stage = stringAt(event, 'stage');
  if (stage !== 'ResponseComplete') return stage === 'Panic';
  if (isDone(event)) return true;
  const status = statusOf(event);
  if (typeof status !== 'number') return false;
  const isOfMany = stringAt(event, 'verb') === 'deletecollection';
  return status >= 500 || (isOfMany && stringAt(event, 'annotations', DECISION) !== 'forbid');
}

/** Whether the API server let somebody ask: `allow` or `forbid` (Kubernetes, audit annotations). */
const DECISION = 'authorization.k8s.io/decision';

/** Whether the API server answered that it did what was asked. */
export function isDone(event: unknown): boolean {
  const status = statusOf(event);
  return typeof status === 'number' && status >= 200 && status <= 299;
}

/**
 * Whether the API server took a request for a dry run: any doubt is none, as it would hide a change. A deletion reads its options from
 * its body where it has one and its address says nothing then; whether it has one is known only where bodies are logged.
 */
function isDryRun(event: unknown): boolean {
  const isDeletion = EFFECTS.get(stringAt(event, 'verb') ?? '') === 'deleted';
  const said = isDeletion ? arrayAt(event, 'requestObject', 'dryRun') : parametersOf(event, 'dryRun');
  return said !== undefined && said.length > 0 && said.every((value) => value === 'All');
}

/** The values of a parameter in the address of a request. */
export function parametersOf(event: unknown, name: string): readonly string[] {
  return requestParameters(stringAt(event, 'requestURI') ?? '').get(name) ?? [];
}
