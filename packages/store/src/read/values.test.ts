import type { QueryList } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import { at, DEPLOYMENTS, FINDINGS, NAMESPACE_OBJECTS } from './queryable.testing.ts';
import { valuesOf } from './values.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

let databases: TestDatabases;
let store: Store;
let cluster: number;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('values'), now: NOW });
  const identity = { uid: 'e', caHash: 'e', name: 'env', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, NOW);
  const space = { ...at(NAMESPACE_OBJECTS, 0), namespace: '' };
  const resources = [
    {
      ...at(DEPLOYMENTS, 0),
      namespace: 'shop',
      name: 'web',
      team: 'web-team',
      environment: 'of-workload',
      images: ['example.com/web:1', 'example.com/side:2'],
      serviceAccount: 'web-account',
      labels: { app: 'web' },
    },
    { ...space, name: 'shop', team: 'shop-team', environment: 'of-namespace', labels: { tier: 'front' } },
    { ...space, name: 'hidden', team: 'Équipe', environment: 'of-other', labels: { tier: 'back' } },
    {
      ...space,
      kind: 'Node',
      name: 'node-1',
      team: undefined,
      environment: undefined,
      labels: { zone: 'a' },
    },
  ];
  const finding = { ...at(FINDINGS, 1), exception: undefined, environment: 'of-finding' };
  const findings = [{ ...finding, namespace: 'shop', name: 'found', team: 'finders', control: 'a-control' }];
  await applyBatch(store, cluster, { at: NOW, resources, removed: [], findings, resolved: [] });
  await triage(store, [{ cluster, fingerprint: finding.fingerprint }], {
    assignee: 'ann',
    author: 'ann',
    at: NOW,
  });
}, 120_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function values(
  list: QueryList,
  field: string,
  more: { prefix?: string; namespaces?: readonly string[] } = {},
) {
  const { prefix = '', namespaces = 'all' } = more;
  return valuesOf(store, scopeOf({ clusters: [cluster], namespaces }), { list, field, prefix });
}

describe('what a query is completed with', () => {
  it.each<[QueryList, string, string[]]>([
    ['namespaces', 'name', ['hidden', 'shop']],
    ['namespaces', 'owner', ['shop-team', 'Équipe']],
    ['namespaces', 'environment', ['of-namespace', 'of-other']],
    ['namespaces', 'label', ['tier=back', 'tier=front']],
    ['nodes', 'name', ['node-1']],
    ['nodes', 'label', ['zone=a']],
    ['workloads', 'name', ['web']],
    ['workloads', 'namespace', ['shop']],
    ['workloads', 'kind', ['Deployment']],
    ['workloads', 'image', ['example.com/side:2', 'example.com/web:1']],
    ['workloads', 'label', ['app=web']],
    ['workloads', 'service-account', ['web-account']],
    ['workloads', 'node', ['node-1']],
    ['workloads', 'environment', ['of-workload']],
    ['findings', 'name', ['found']],
    ['findings', 'namespace', ['hidden', 'shop']],
    ['findings', 'assignee', ['ann']],
    ['findings', 'environment', ['of-finding']],
    ['resources', 'group', ['apps']],
    ['resources', 'kind', ['Deployment', 'Namespace', 'Node']],
    ['resources', 'name', ['hidden', 'node-1', 'shop', 'web']],
    ['changes', 'namespace', ['hidden', 'shop']],
    ['teams', 'owner', ['finders', 'shop-team', 'web-team', 'Équipe']],
    ['findings', 'cluster', ['env']],
    ['findings', 'path', []],
  ])('is, of %s and %s, what that list has', async (list, field, expected) => {
    expect(await values(list, field)).toEqual(expected);
  });

  it.each<[QueryList, string, string[]]>([
    ['namespaces', 'name', ['shop']],
    ['findings', 'namespace', ['shop']],
    ['teams', 'owner', ['finders', 'shop-team', 'web-team']],
    ['nodes', 'name', []],
    ['workloads', 'cluster', ['env']],
  ])(
    'is, of %s and %s, for who is limited to a namespace, of that one alone',
    async (list, field, expected) => {
      expect(await values(list, field, { namespaces: ['shop'] })).toEqual(expected);
    },
  );

  it('is a kind with its API group where several groups have one of that name, and may be seen', async () => {
    const place = { uid: 'k', caHash: 'k', name: 'kinds', server: '', version: 'v1.34.0', isDemo: false };
    const other = await registerCluster(store, place, NOW);
    const kinds = [
      ['Service', 'shop'],
      ['serving.knative.dev/Service', 'shop'],
      ['b.io/Cluster', 'hidden'],
      ['a.io/Cluster', 'shop'],
      ['apps/Deployment', 'shop'],
    ] as const;
    const resources = kinds.map(([kind, namespace]) => ({
      ...at(DEPLOYMENTS, 0),
      ...{ kind, namespace, ownerKind: kind, isWorkload: true },
    }));
    await applyBatch(store, other, { at: NOW, resources, removed: [], findings: [], resolved: [] });
    const offered = (namespaces: 'all' | readonly string[], list: QueryList, prefix = '') =>
      valuesOf(store, scopeOf({ clusters: [other], namespaces }), { list, field: 'kind', prefix });

    for (const list of ['workloads', 'resources'] as const) {
      expect(await offered('all', list)).toEqual([
        'Cluster',
        'Cluster.a.io',
        'Cluster.b.io',
        'Deployment',
        'Service',
        'Service.',
        'Service.serving.knative.dev',
      ]);
      expect(await offered('all', list, 'service.')).toEqual(['Service.', 'Service.serving.knative.dev']);
      expect(await offered(['shop'], list, 'c')).toEqual(['Cluster']);
    }
  });

  it('begins with what is written, whatever the case of its letters of ASCII', async () => {
    expect(await values('teams', 'owner', { prefix: 'SH' })).toEqual(['shop-team']);
    expect(await values('teams', 'owner', { prefix: 'ÉQ' })).toEqual(['Équipe']);
  });
});
