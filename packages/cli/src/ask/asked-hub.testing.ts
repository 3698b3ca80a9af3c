import { hash128, type Severity } from '@bulwark/core';
import {
  type FindingRow,
  type KindRecord,
  type ResourceRow,
  registerCluster,
  type Sight,
  writeSight,
} from '@bulwark/store';
import type { ListeningHub } from '../hub-client/hub.testing.ts';

/** When the tests of a file began. */
export const NOW = new Date();
export const WEEK_AGO = new Date(NOW.getTime() - 7 * 86_400_000);

/** A Deployment as it is stored. */
export function resource(namespace: string, name: string, spec: ResourceRow['body'] = {}): ResourceRow {
  const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, spec };
  const row = {
    kind: 'apps/Deployment',
    namespace,
    name,
    apiVersion: 'apps/v1',
    uid: `${namespace}-${name}`,
    ownerKind: 'apps/Deployment',
    ownerName: name,
    bodyHash: hash128(JSON.stringify(body)),
    body,
    instance: { metadata: { name, namespace } },
    labels: {},
    isWorkload: true,
    images: [`example.com/${name}:1`],
    podImages: [],
    podAccounts: [],
    serviceAccount: 'default',
    team: namespace === 'pay' ? 'payments' : undefined,
    environment: undefined,
    criticality: undefined,
    actor: {
      user: 'ann',
      groups: ['developers'],
      impersonatedBy: 'root',
      address: '192.0.2.7',
      userAgent: 'kubectl/v1.34.0',
      managers: ['kubectl-create'],
      auditId: 'a-1',
      isUncertain: true,
    },
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

/** A finding in such a Deployment. */
export function finding(namespace: string, name: string, more: Partial<FindingRow> = {}): FindingRow {
  const row = {
    control: 'host-pid',
    severity: 'high' as Severity,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace,
    name,
    container: undefined,
    path: 'spec.template.spec.hostPID',
    message: `Deployment/${name} shares the process namespace of its node.`,
    fixable: true,
    exception: undefined,
    requested: undefined,
    team: namespace === 'pay' ? 'payments' : undefined,
    environment: undefined,
    criticality: undefined,
    ...more,
  };
  const text = JSON.stringify(row);
  return { ...row, fingerprint: hash128(`f${text}`), digest: hash128(text) };
}

/** How much of a kind is seen. */
export function kind(name: string, state: KindRecord['state']): KindRecord {
  return { kind: name, state, reason: null, missingRule: null, objects: 1, since: WEEK_AGO.toISOString() };
}

/** Registers a cluster. @returns its number. */
export async function addCluster(
  hub: ListeningHub,
  name: string,
  state: 'live' | 'stale',
  { kinds, coverage = [] }: Pick<Sight, 'kinds'> & Partial<Pick<Sight, 'coverage'>>,
) {
  const place = { uid: name, caHash: name, server: `https://${name}`, version: 'v1.34.0', isDemo: false };
  const id = await registerCluster(hub.store, { ...place, name }, WEEK_AGO);
  const reason = state === 'live' ? null : 'The API server does not answer.';
  const lastSeen = new Date(NOW.getTime() - 7_200_000);
  const sight = { lastSeen, kinds, unserved: [], hasJudged: true };
  await writeSight(hub.store, id, { ...sight, at: WEEK_AGO, state: 'live', reason: null, coverage: [] });
  await writeSight(hub.store, id, { ...sight, at: NOW, state, reason, coverage });
  return id;
}
