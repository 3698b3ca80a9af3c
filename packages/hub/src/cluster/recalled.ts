import {
  joinContent,
  type Origin,
  type Resource,
  SEEN_IN_PODS,
  type SecurityContent,
  stringAt,
  toResource,
  withoutSeenPods,
} from '@bulwark/core';

/** Where objects come from that were seen before a start, and not yet since. */
const RECALLED: Origin = { kind: 'cluster', cluster: '', resourceVersion: '' };

/**
 * A stored object as analyses see it. Values and secrets are not in it: it says what others need of it, and nothing of itself. What is
 * seen in its pods is left out, as these are stored, too.
 */
export function recall(stored: SecurityContent): Resource {
  return toResource(withoutSeenPods(joinContent(stored)), RECALLED);
}

/** Of a stored object what is known from its pods alone, as `seenInPods` of a resource; undefined where that is nothing. */
export function seenInPodsOf({ body, instance }: SecurityContent): Resource['seenInPods'] {
  if (!(SEEN_IN_PODS in body)) return undefined;
  // Every object of an API server has one.
  return stringAt(instance, 'metadata', 'uid') === undefined ? 'object' : 'template';
}

/** Whether a resource is known from before the start only. */
export function isRecalled({ origin }: Pick<Resource, 'origin'>): boolean {
  return origin === RECALLED;
}
