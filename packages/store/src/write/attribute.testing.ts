import { type AuditWrite, hash128 } from '@bulwark/core';
import type { AuditEventRow } from './audit-events.ts';
import type { ResourceRow } from './rows.ts';

export const START = new Date('2026-11-26T10:00:00Z');

/** So many seconds later. */
export function after(seconds: number): Date {
  return new Date(START.getTime() + seconds * 1000);
}

/** A Deployment in the namespace `shop`, whose content is another one in each generation. */
export function deployment(name: string, generation: number): ResourceRow {
  return {
    kind: 'apps/Deployment',
    namespace: 'shop',
    name,
    apiVersion: 'apps/v1',
    uid: `uid-${name}`,
    ownerKind: 'apps/Deployment',
    ownerName: name,
    bodyHash: hash128(`${name}-${generation}`),
    digest: hash128(`${name}-${generation}`),
    body: { spec: { replicas: generation } },
    instance: {},
    labels: {},
    isWorkload: true,
    images: [],
    serviceAccount: 'default',
    team: undefined,
    environment: undefined,
    criticality: undefined,
    actor: {
      user: null,
      groups: [],
      impersonatedBy: null,
      address: null,
      userAgent: null,
      managers: ['kubectl-patch'],
    },
    resourceVersion: String(100 + generation),
  };
}

/** A request that changed the Deployment `web`. */
export function request(user: string, seconds: number, more: Partial<AuditEventRow> = {}): AuditEventRow {
  const done = after(seconds).getTime();
  const effect: AuditWrite['effect'] = 'changed';
  return {
    id: hash128(`${user}-${seconds}-${JSON.stringify(more)}`),
    auditId: `${user}-${seconds}`,
    effect,
    isOfStatus: false,
    mayHaveFailed: false,
    kind: 'apps/Deployment',
    namespace: 'shop',
    name: 'web',
    uid: undefined,
    before: undefined,
    after: undefined,
    received: done,
    done,
    manager: undefined,
    actor: {
      user,
      groups: ['developers'],
      impersonatedBy: 'root',
      address: '192.0.2.7',
      userAgent: 'kubectl',
    },
    ...more,
  };
}
