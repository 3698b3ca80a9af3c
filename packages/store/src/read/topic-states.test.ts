import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scope, scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { announce, type Topic } from '../write/announce.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { addComment, triage } from '../write/decisions.ts';
import { createException, revokeException } from '../write/exceptions.ts';
import { DEPLOYMENTS, FINDINGS, NOW } from './queryable.testing.ts';
import { stateOfTopics } from './topic-states.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const TOPICS: readonly Topic[] = ['inventory', 'findings', 'exceptions', 'triage'];
const NOTHING = { at: NOW, resources: [], removed: [], findings: [], resolved: [] };
const AUTHOR = { author: 'ann', at: NOW };
const KEY = { cluster: 1, fingerprint: FINDINGS[0]?.fingerprint ?? '' };

let databases: TestDatabases;
let store: Store;
let prod: number;
let test: number;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('states'), now: NOW });
  [prod, test] = await Promise.all([register('prod'), register('test')]);
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

function register(uid: string, name = uid): Promise<number> {
  const identity = { uid, caHash: 'c', name, server: '', version: 'v1.34.0', isDemo: false };
  return registerCluster(store, identity, NOW);
}

const CHANGED = { topics: ['findings'], namespaces: 'all' } as const;

/** The topics whose state is another afterwards. */
async function changedBy(act: () => Promise<unknown>, scope: Scope = ALL): Promise<readonly Topic[]> {
  const states = () => Promise.all(TOPICS.map((topic) => stateOfTopics(store, scope, [topic])));
  const before = await states();
  await act();
  const after = await states();
  return TOPICS.filter((_topic, index) => before[index] !== after[index]);
}

describe('the state of a topic', () => {
  it.each<[what: string, act: () => Promise<unknown>, topics: readonly Topic[]]>([
    ['objects', () => applyBatch(store, prod, { ...NOTHING, resources: DEPLOYMENTS }), ['inventory']],
    ['findings', () => applyBatch(store, prod, { ...NOTHING, findings: FINDINGS }), ['findings']],
    [
      'what is gone',
      () => applyBatch(store, prod, { ...NOTHING, resolved: [KEY.fingerprint] }),
      ['findings'],
    ],
    ['triage', () => triage(store, [KEY], { ...AUTHOR, acknowledged: true }), ['triage']],
    ['a comment', () => addComment(store, KEY, { ...AUTHOR, text: 'seen' }), ['triage']],
    [
      'an exception',
      () =>
        createException(store, {
          scope: {},
          reason: 'fine',
          owner: null,
          until: null,
          state: 'active',
          createdBy: 'ann',
          createdAt: NOW,
          query: null,
        }),
      ['exceptions'],
    ],
    ['a revocation', () => revokeException(store, 1, { by: 'bob', at: NOW }), ['exceptions']],
    ['the name of a cluster', () => register('prod', 'production'), TOPICS],
    ['a new cluster', () => register('third'), TOPICS],
  ])('is another after %s', async (_what, act, topics) => {
    expect(await changedBy(act)).toEqual(topics);
  });

  it('is that of the clusters of the scope, and of what is of no cluster', async () => {
    const ofTest = scopeOf({ clusters: [test], namespaces: 'all' });
    const tell = (clusters: 'all' | number[]) => () => announce(store.pool, { ...CHANGED, clusters });

    expect(await changedBy(tell([prod]), ofTest)).toEqual([]);
    expect(await changedBy(tell([test]), ofTest)).toEqual(['findings']);
    expect(await changedBy(tell('all'), ofTest)).toEqual(['findings']);
  });

  it('never comes again', async () => {
    const states = new Set<string>();
    for (let round = 0; round < 5; round++) {
      await announce(store.pool, { ...CHANGED, clusters: [prod] });
      states.add(await stateOfTopics(store, ALL, ['findings']));
    }
    expect(states.size).toBe(5);
  });

  it('is not another before what changed can be read', async () => {
    const client = await store.pool.connect();
    try {
      await client.query('begin');
      await client.query(`update finding set message = 'another' where cluster_id = $1`, [prod]);

      expect(await changedBy(() => announce(client, { ...CHANGED, clusters: [prod] }))).toEqual([]);
      expect(await changedBy(() => client.query('commit'))).toEqual(['findings']);
    } finally {
      client.release();
    }
  });
});
