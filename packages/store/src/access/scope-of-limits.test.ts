import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retain } from '../partitions.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { after, deployment, START } from '../write/attribute.testing.ts';
import { registerCluster } from '../write/clusters.ts';
import type { ResourceRow } from '../write/rows.ts';
import { scopeOfLimits } from './scope-of-limits.ts';

let databases: TestDatabases;
let store: Store;
let one: number;
let two: number;

const place = (namespace: string): ResourceRow => ({ ...deployment(namespace, 1), namespace });
const empty = (name: string): ResourceRow => ({
  ...deployment(name, 1),
  kind: 'Namespace',
  namespace: '',
  ownerKind: 'Namespace',
  isWorkload: false,
});
const node = (name: string): ResourceRow => ({ ...empty(name), kind: 'Node', ownerKind: 'Node' });

async function write(
  cluster: number,
  resources: readonly ResourceRow[],
  removed: readonly ResourceRow[] = [],
) {
  at = new Date(at.getTime() + 1000);
  await applyBatch(store, cluster, { at, resources, removed, findings: [], resolved: [] });
}

let at = START;

async function namespacesOf(namespaces: readonly string[], clusters: 'all' | readonly number[] = 'all') {
  return (await scopeOfLimits(store, { clusters, namespaces })).namespaces;
}

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('limits'), now: START });
  const identity = { caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  one = await registerCluster(store, { ...identity, uid: 'one' }, START);
  two = await registerCluster(store, { ...identity, uid: 'two' }, START);
  await write(one, [place('pay-a'), place('shop'), empty('pay-empty'), node('pay-node')]);
  await write(two, [place('pay-a'), place('pay-two'), place('a%b_c')]);
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

describe('the scope of limits', () => {
  it.each([
    [['pay*'], ['pay-a', 'pay-empty', 'pay-two']],
    [
      ['pay*', 'shop', 'not-there'],
      ['not-there', 'pay-a', 'pay-empty', 'pay-two', 'shop'],
    ],
    [['*'], ['a%b_c', 'pay-a', 'pay-empty', 'pay-two', 'shop']],
    [['*-two'], ['pay-two']],
    [['p*-*o'], ['pay-two']],
    [['pay-a*'], ['pay-a']],
    [['none*'], []],
    [['%*'], []],
    [['_*'], []],
    [['a%b_*'], ['a%b_c']],
    [['shop'], ['shop']],
    [[], []],
  ])('to %j is %j', async (given, names) => {
    expect(await namespacesOf(given)).toEqual(names);
  });

  it('is everything where there are none', async () => {
    const all = { clusters: 'all', namespaces: 'all' } as const;

    expect(await scopeOfLimits(store, all)).toEqual({ ...all, given: 'all' });
  });

  it('takes by a pattern what is in the clusters of the limits', async () => {
    expect(await namespacesOf(['pay*'], [one])).toEqual(['pay-a', 'pay-empty']);
    expect(await namespacesOf(['pay*'], [one, two])).toEqual(['pay-a', 'pay-empty', 'pay-two']);
    expect(await namespacesOf(['pay*'], [])).toEqual([]);
  });

  it('keeps what was given', async () => {
    const { given } = await scopeOfLimits(store, { clusters: 'all', namespaces: ['pay*', 'shop'] });

    expect(given).toEqual(['pay*', 'shop']);
  });

  it('takes by a pattern what has gone, as long as its past is kept', async () => {
    await write(two, [place('brief')]);
    await write(two, [], [place('brief')]);
    expect(await namespacesOf(['brief*'])).toEqual(['brief']);

    await retain(store.pool, after(90 * 86_400));

    expect(await namespacesOf(['brief*'])).toEqual([]);
    expect(await namespacesOf(['pay*'])).toEqual(['pay-a', 'pay-empty', 'pay-two']);
  });
});
