import { FINDING_FIELDS, namespaceOf, parseQuery, type Query } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { type ComparedFinding, compareFindings, countMoves } from './compared-findings.ts';
import { FINDING_SORTS, type FindingRecord, listFindings } from './findings.ts';
import { ago, FINDINGS, NOW } from './queryable.testing.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const REQUEST = { query: { op: 'and', items: [] }, limit: 500, now: NOW } as const;
const ACCEPTED = { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' } as const;

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('compared'), now: NOW });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, ago(50));
  const write = (day: number, findings: typeof FINDINGS, gone: typeof FINDINGS = []) =>
    applyBatch(store, cluster, {
      at: ago(day),
      resources: [],
      removed: [],
      findings,
      resolved: gone.map(({ fingerprint }) => fingerprint),
    });
  const anew = (rows: typeof FINDINGS, more: Partial<(typeof FINDINGS)[number]>) =>
    rows.map((row) => ({ ...row, ...more, digest: `${JSON.stringify(more).length}`.padStart(32, '0') }));
  await write(40, FINDINGS.slice(0, 40));
  // What comes and goes, is accepted, is accepted no more, comes back, and says something else.
  await write(30, FINDINGS.slice(40), FINDINGS.slice(0, 10));
  await write(25, anew(FINDINGS.slice(15, 20), { exception: ACCEPTED }));
  await write(20, anew(FINDINGS.slice(10, 18), { exception: undefined, message: 'another' }));
  await write(15, [...FINDINGS.slice(0, 5), ...anew(FINDINGS.slice(50), { severity: 'low' })]);
  await write(10, [], FINDINGS.slice(3, 12));
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

const DAYS = [45, 35, 27, 22, 17, 12, 5];
const SPANS = DAYS.flatMap((from, index) => DAYS.slice(index + 1).map((to) => ({ from, to })));

async function openAt(day: number) {
  const { items } = await listFindings(store, ALL, { ...REQUEST, asOf: ago(day) });
  return items.map(({ fingerprint }) => fingerprint);
}

async function stateAt(day: number, fingerprint: string): Promise<'absent' | 'excepted'> {
  const query = {
    op: 'field',
    field: 'state',
    compare: '=',
    values: [{ type: 'enum', value: 'excepted', rank: 1 }],
  } as const;
  const { items } = await listFindings(store, ALL, { ...REQUEST, query, asOf: ago(day) });
  return items.some((item) => item.fingerprint === fingerprint) ? 'excepted' : 'absent';
}

describe('what came and went', () => {
  it.each(SPANS)(
    'from $from to $to days ago is what the lists of both moments tell',
    async ({ from, to }) => {
      const [before, after] = await Promise.all([openAt(from), openAt(to)]);
      const compared = async (move?: 'came' | 'went') =>
        (await compareFindings(store, ALL, { from: ago(from), to: ago(to) }, { ...REQUEST, move })).items;
      const [both, came, went] = await Promise.all([compared(), compared('came'), compared('went')]);

      expect(came.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
        after.filter((each) => !before.includes(each)).toSorted(),
      );
      expect(went.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
        before.filter((each) => !after.includes(each)).toSorted(),
      );
      expect(both.map(({ fingerprint, move }) => fingerprint + move).toSorted()).toEqual(
        [...came, ...went].map(({ fingerprint, move }) => fingerprint + move).toSorted(),
      );
      for (const { fingerprint, move, otherwise } of both)
        expect([fingerprint, otherwise]).toEqual([
          fingerprint,
          await stateAt(move === 'came' ? from : to, fingerprint),
        ]);
    },
  );

  it.each<[text: string, fits: (record: FindingRecord) => boolean]>([
    ['kind:deployment', ({ kind }) => kind === 'apps/Deployment'],
    ['namespace:x', (record) => namespaceOf(record) === 'x'],
    ['kind:nothing', () => false],
    ['owner:none', ({ team }) => team === null],
    ['severity:>=high', ({ severity }) => severity >= 3],
    [
      'control:privileged severity:low',
      ({ control, severity }) => control === 'privileged' && severity === 1,
    ],
    ['fixable:no', ({ fixable }) => !fixable],
    ['another', ({ message }) => message === 'another'],
  ])('is narrowed by [%s] to those that fit it', async (text, fits) => {
    const parsed = parseQuery(text, FINDING_FIELDS);
    if (!parsed.ok) throw new Error(parsed.error.message);
    for (const { from, to } of SPANS) {
      const compared = async (query: Query) =>
        (await compareFindings(store, ALL, { from: ago(from), to: ago(to) }, { ...REQUEST, query })).items;
      const [all, narrowed] = [await compared(REQUEST.query), await compared(parsed.value)];

      expect(narrowed, `${from} to ${to}`).toEqual(all.filter(fits));
    }
  });

  it.each(Object.keys(FINDING_SORTS).flatMap((sort) => [sort, `-${sort}`]))(
    'in the order of %s is the same by pages as at once',
    async (sort) => {
      const span = { from: ago(35), to: ago(5) };
      const compared = (more: { readonly limit: number; readonly cursor?: string }) =>
        compareFindings(store, ALL, span, { ...REQUEST, sort, ...more });
      const { items: all } = await compared({ limit: 500 });
      const paged: ComparedFinding[] = [];
      let next: string | null = null;
      do {
        const page = await compared({ limit: 7, ...(next !== null && { cursor: next }) });
        paged.push(...page.items);
        next = page.next;
      } while (next !== null);

      expect(paged).toEqual(all);
      expect(new Set(all.map(({ move }) => move)).size).toBe(2);
      expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(all.length);
    },
  );

  it.each([...SPANS, ...[45, 35, 27, 17, 5].map((from) => ({ from, to: undefined }))])(
    'from $from to $to days ago is counted as it is listed, also for who sees less',
    async ({ from, to }) => {
      for (const namespaces of ['all', ['shop', ''], ['x'], []] as const) {
        const scope = scopeOf({ clusters: 'all', namespaces });
        const span = { from: ago(from), to: to === undefined ? NOW : ago(to) };
        const { items } = await compareFindings(store, scope, span, REQUEST);
        const countOf = (move: string, otherwise?: string) =>
          items.filter((item) => item.move === move && (otherwise ?? item.otherwise) === item.otherwise)
            .length;

        expect(
          await countMoves(store, scope, { from: span.from, to: to === undefined ? to : span.to }),
        ).toEqual({
          came: countOf('came'),
          noLongerAccepted: countOf('came', 'excepted'),
          went: countOf('went'),
          accepted: countOf('went', 'excepted'),
        });
      }
    },
  );
});
