import { findingRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import { openStore, type Store, scopeOf, triage } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Limits } from '../access/limits.ts';
import { asking } from './callers.testing.ts';
import { findingHandlers } from './findings.ts';
import { type AnswerKey, KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };

const pod = (namespace: string, name: string, more = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${more} containers: [{ name: app, image: 'example.com/${name}:1' }] }
`;

let hub: TestHub;
let prod: TestCluster;
let test: TestCluster;
/** Of another hub on the same database. */
let beside: Store;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live' });
  test = await hub.cluster('test', { Pod: 'live' });
  await prod.show([pod('shop', 'web', 'hostPID: true,'), pod('pay', 'till', 'hostPID: true,')].join('---'));
  await test.show(pod('shop', 'web', 'hostPID: true,'));
  beside = await openStore({ url: hub.url, now: NOON });
}, 60_000);

afterAll(async () => {
  await beside?.close();
  await hub?.stop();
});

function after(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1000);
}

function asked(q = '', more: Partial<AnswerKey> & { readonly now?: Date } = {}): AnswerKey {
  const { now = NOON, ...rest } = more;
  const request = { query: queryOf(q, FINDING_FIELDS), limit: 100, now };
  return { list: ['groups'], scope: scopeOf(EVERYTHING), request, topics: ['findings', 'triage'], ...rest };
}

/** Answers that are numbered in the order in which they are worked out. */
function numbered(answers: KeptAnswers) {
  let count = 0;
  return (key: AnswerKey) => answers.of(key, async () => ++count);
}

describe('a kept answer', () => {
  it('is given to all who ask for the same, as it was', async () => {
    const answers = new KeptAnswers(hub.store);
    const value = { at: NOON, what: undefined, list: [null, 'ü', { n: 1 }] };

    expect(await answers.of(asked(), async () => value)).toEqual(value);
    expect(await answers.of(asked(), async () => 'another')).toStrictEqual(value);
  });

  it.each<[what: string, key: () => AnswerKey]>([
    ['query', () => asked('severity:high')],
    ['list', () => asked('', { list: ['groups', 'owner'] })],
    ['cluster', () => asked('', { scope: scopeOf({ ...EVERYTHING, clusters: [prod.id] }) })],
    ['other cluster', () => asked('', { scope: scopeOf({ ...EVERYTHING, clusters: [test.id] }) })],
    ['namespace', () => asked('', { scope: scopeOf({ ...EVERYTHING, namespaces: ['shop'] }) })],
    ['namespace of that name', () => asked('', { scope: scopeOf({ ...EVERYTHING, namespaces: ['all'] }) })],
    ['no namespace', () => asked('', { scope: scopeOf({ ...EVERYTHING, namespaces: [] }) })],
    ['moment', () => asked('', { request: { ...asked().request, asOf: NOON } })],
    ['since', () => asked('', { request: { ...asked().request, since: NOON } })],
    ['order', () => asked('', { request: { ...asked().request, sort: 'name' } })],
    ['limit', () => asked('', { request: { ...asked().request, limit: 7 } })],
    ['page', () => asked('', { request: { ...asked().request, cursor: 'x' } })],
  ])('is another for another %s', async (_what, key) => {
    const ask = numbered(new KeptAnswers(hub.store));

    expect([await ask(asked()), await ask(key()), await ask(asked()), await ask(key())]).toEqual([
      1, 2, 1, 2,
    ]);
  });

  it('is forgotten when something was written that it depends on, by whichever hub', async () => {
    const ask = numbered(new KeptAnswers(beside));
    const inventory = asked('', { topics: ['inventory'] });
    const counts = [await ask(asked()), await ask(inventory)];

    await prod.show(pod('shop', 'api', 'hostIPC: true,'));
    counts.push(await ask(asked()), await ask(inventory));
    const { rows } = await hub.store.pool.query<{ fingerprint: string }>(
      `select replace(fingerprint::text, '-', '') as fingerprint from finding where cluster_id = $1 limit 1`,
      [prod.id],
    );
    const fingerprint = rows[0]?.fingerprint ?? '';
    await triage(hub.store, [{ cluster: prod.id, fingerprint }], {
      assignee: 'bob',
      author: 'ann',
      at: NOON,
    });
    counts.push(await ask(asked()), await ask(inventory));

    expect(counts).toEqual([1, 2, 3, 4, 5, 4]);
  });

  it('of one cluster stays when something is written of another', async () => {
    const ask = numbered(new KeptAnswers(hub.store));
    const ofTest = asked('', { scope: scopeOf({ ...EVERYTHING, clusters: [test.id] }) });
    const first = [await ask(ofTest), await ask(asked())];

    await prod.show(pod('shop', 'cart', 'hostPID: true,'));

    expect([first, await ask(ofTest), await ask(asked())]).toEqual([[1, 2], 1, 3]);
  });

  it.each([
    { q: 'age:>1d', second: 59, isKept: true },
    { q: 'age:>1d', second: 60, isKept: false },
    { q: '-deferred-until:>now-1d', second: 60, isKept: false },
    { q: 'first-seen:>2026-11-01 severity:high', second: 3600, isKept: true },
    { q: '', second: 3600, isKept: true },
    { q: '', second: 60, isOfNow: true, isKept: false },
  ])(
    'to [$q], of now: $isOfNow, after $second s: $isKept',
    async ({ q, second, isKept, isOfNow = false }) => {
      const ask = numbered(new KeptAnswers(hub.store));
      await ask(asked(q, { isOfNow }));

      expect(await ask(asked(q, { isOfNow, now: after(second) }))).toBe(isKept ? 1 : 2);
    },
  );

  it('is worked out once for all who ask at the same time', async () => {
    const ask = numbered(new KeptAnswers(hub.store));

    const [first, same, other, again] = await Promise.all([
      ask(asked()),
      ask(asked()),
      ask(asked('severity:high')),
      ask(asked()),
    ]);

    // Which of the two is worked out first is for the database to say.
    expect([same, again]).toEqual([first, first]);
    expect(new Set([first, other])).toEqual(new Set([1, 2]));
  });

  it('is none where it failed, for none of those who asked at the same time', async () => {
    const answers = new KeptAnswers(hub.store);
    const fail = () => answers.of(asked(), () => Promise.reject(new Error('away')));

    const outcomes = await Promise.allSettled([fail(), fail()]);

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(answers.bytes).toBe(0);
    expect(await answers.of(asked(), async () => 'there')).toBe('there');
  });

  it('makes room for others, the one that was not asked for longest first', async () => {
    const answers = new KeptAnswers(hub.store, 10_000);
    const computed: string[] = [];
    const ask = (q: string) =>
      answers.of(asked(q), async () => {
        computed.push(q);
        return 'x'.repeat(3000);
      });

    for (const q of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(q);

    expect(computed).toEqual(['a', 'b', 'c', 'b']);
    expect(answers.bytes).toBeLessThanOrEqual(10_000);
  });

  it('that is too large for all room is not kept, and takes none', async () => {
    const answers = new KeptAnswers(hub.store, 10_000);
    await answers.of(asked('a'), async () => 'small');
    const before = answers.bytes;

    await answers.of(asked('b'), async () => 'x'.repeat(20_000));

    expect(answers.bytes).toBe(before);
  });
});

describe('groups of findings', () => {
  function groupsFor(limits: Limits) {
    const query = { by: 'namespace', limit: 100 } as const;
    return async (handlers: ReturnType<typeof findingHandlers>) => {
      const answer = await handlers.groupFindings(
        { params: undefined, body: undefined, query },
        asking(NOON, { limits }),
      );
      const { items } = findingRoutes.groupFindings.response.parse(answer);
      return items.map(({ key }) => key).toSorted();
    };
  }

  it('that are kept for those who see everything show the others no more than theirs', async () => {
    const handlers = findingHandlers({
      store: hub.store,
      controls: new Map(CONTROLS.map((control) => [control.id, control])),
      answers: new KeptAnswers(hub.store),
    });
    const places = [`${prod.id}|pay`, `${prod.id}|shop`, `${test.id}|shop`];

    for (const _round of [1, 2]) {
      expect(await groupsFor(EVERYTHING)(handlers)).toEqual(places);
      expect(await groupsFor({ clusters: [test.id], namespaces: 'all' })(handlers)).toEqual([places[2]]);
      expect(await groupsFor({ clusters: 'all', namespaces: ['pay'] })(handlers)).toEqual([places[0]]);
      expect(await groupsFor({ clusters: [], namespaces: 'all' })(handlers)).toEqual([]);
    }
  });
});
