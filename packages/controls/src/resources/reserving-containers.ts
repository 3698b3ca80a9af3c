import type { ContainerView } from '@bulwark/core';
import { whyNoResources } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

/**
 * Why a container needs no request of its own. A pod reserves the larger of what its init containers need one by one
 * and what the others need together, so an init container without a request has theirs.
 */
export function whyNotReserving(view: ContainerView): string | undefined {
  if (view.container.type === 'init') return 'An init container uses what the pod reserves for the others.';
  return whyNoResources(view) ?? whyNotOperated(view);
}
