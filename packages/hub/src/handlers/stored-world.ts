import { joinContent, type Resource, toResource } from '@bulwark/core';
import type { StoredObject } from '@bulwark/store';

/** A stored object as analyses see it. */
export function resourceOf(stored: StoredObject): Resource {
  return toResource(joinContent(stored), {
    kind: 'cluster',
    cluster: stored.clusterName,
    resourceVersion: '',
  });
}
