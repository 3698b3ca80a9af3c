import type { ExceptionItem } from '@bulwark/api';

export const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
export const PID = { id: 'host-pid', title: 'Pods must not share the host process namespace' };

/** An exception of which a test says what matters to it. */
export function item(parts: Partial<ExceptionItem>): ExceptionItem {
  return {
    id: 7,
    origin: 'hub',
    source: 'hub:7',
    request: null,
    scope: { fingerprints: ['a'], clusters: [1] },
    clusters: [{ id: 1, name: 'prod' }],
    query: null,
    reason: 'because',
    owner: null,
    until: null,
    state: 'requested',
    createdBy: 'ann',
    createdAt: null,
    approvedBy: null,
    revokedBy: null,
    revokedAt: null,
    revokedBecause: null,
    covers: 1,
    counts: { ...NONE, high: 1 },
    isCounted: true,
    about: {
      controls: [PID],
      controlCount: 1,
      objects: 1,
      worst: {
        cluster: { id: 1, name: 'prod' },
        resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart' },
      },
    },
    waiting: 1,
    approval: { refusal: null, from: null },
    ending: { refusal: null },
    advice: [],
    ...parts,
  };
}
