/** Of a ConfigMap without its values: a label tells its versions apart. */
export function configMap(named: string, value: string): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${named}, namespace: shop, uid: u-${named}, labels: {version: ${value}}}}`;
}

/** An audit event of a user who updates the ConfigMap `first`. */
export function event(user: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: `${user}-1`,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/configmaps/first',
    verb: 'update',
    user: { username: user, groups: ['developers'] },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.34.0',
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'first', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-26T09:59:59.100000Z',
    stageTimestamp: '2026-11-26T09:59:59.200000Z',
    ...more,
  };
}
