import { joinContent, type Origin, type Resource, type SecurityContent, toResource } from '@bulwark/core';

/** Where objects come from that were seen before a start, and not yet since. */
const RECALLED: Origin = { kind: 'cluster', cluster: '', resourceVersion: '' };

/** A stored object as analyses see it. Values and secrets are not in it: it says what others need of it, and nothing of itself. */
export function recall(stored: SecurityContent): Resource {
  return toResource(joinContent(stored), RECALLED);
}

/** Whether a resource is known from before the start only. */
export function isRecalled({ origin }: Pick<Resource, 'origin'>): boolean {
  return origin === RECALLED;
}
