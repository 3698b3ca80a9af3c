import type { KubeFailure } from '../client/failure.ts';
import type { KindSight } from './kind-state.ts';

/** How well that is seen of which the cluster does not say whether it serves it. */
export type Undiscovered = Extract<KindSight, { readonly state: 'denied' | 'pending' }>;

/** How well kinds are seen of a cluster that does not say what it serves. */
export function sightWithoutDiscovery({ kind, message }: KubeFailure): Undiscovered {
  if (kind !== 'forbidden') return { state: 'pending', reason: message };
  return { state: 'denied', missing: { verbs: ['get'], paths: ['/api', '/apis'] }, reason: message };
}
