import type { JsonObject } from '../json.ts';

/** A sound event of a patch by ann, with some of it changed; for tests. */
export function auditEvent(changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a-1',
    stage: 'ResponseComplete',
    requestURI: '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl-patch',
    verb: 'patch',
    user: { username: 'ann', groups: ['developers', 'system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.34.0 (linux/amd64)',
    objectRef: {
      resource: 'deployments',
      namespace: 'shop',
      name: 'web',
      apiGroup: 'apps',
      apiVersion: 'v1',
    },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-11-26T10:00:00.100000Z',
    stageTimestamp: '2026-11-26T10:00:00.120000Z',
    ...changes,
  } as JsonObject;
}
