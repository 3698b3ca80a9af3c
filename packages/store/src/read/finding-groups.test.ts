import { EVERY_RECORD, FINDING_FIELDS, hash128, parseQuery, printQuery, type Query } from '@bulwark/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { triage } from '../write/decisions.ts';
import { type GroupKey, groupFindings, type ListedGroupRecord, pageOfGroups } from './finding-groups.ts';
import { queriesOf } from './queries.testing.ts';
import { ago, DEPLOYMENTS, findingModel, NOW, FINDINGS as QUERYABLE, triageOf } from './queryable.testing.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const KEYS: readonly GroupKey[] = ['control', 'owned control', 'workload', 'namespace', 'owner'];
const OF_CONTROLS: readonly GroupKey[] = ['control', 'owned control'];

// A control has one severity.
const ONE_EACH = QUERYABLE.map((row) => ({ ...row, control: `${row.control}-${row.severity}` }));
/** Of some objects a control finds something twice. */
const TWICE = ONE_EACH.filter((_row, index) => index % 5 < 3 && (index < 36 || index >= 48)).map(
  (row, index) => ({
    ...row,
    container: 'twin',
    path: 'spec.twin',
    message: `A twin of ${row.message}`,
    fixable: !row.fixable,
    exception: undefined,
    fingerprint: hash128(`twin ${index}`),
    digest: hash128(`twin digest ${index}`),
  }),
);
const FINDINGS = [...ONE_EACH, ...TWICE];
const RISKS = DEPLOYMENTS.filter((_row, index) => index % 3 < 2).map(({ kind, namespace, name }, index) => ({
  kind,
  namespace,
  name,
  points: index % 4,
  reach: index % 2 === 0 ? 'internet' : 'cluster',
  reasons: [],
  digest: hash128(`risk ${index}`),
}));
const FRAMEWORKS = new Map([
  ['pss-baseline', ['host-pid-critical', 'privileged-high']],
  ['CIS 1.9', ['privileged-high']],
]);

let databases: TestDatabases;
let store: Store;

beforeAll(async () => {
  databases = await testDatabases();
  store = await openStore({ url: await databases.database('sums'), now: NOW });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, ago(50));
  const write = (at: Date, findings: typeof FINDINGS, resolved: readonly string[]) =>
    applyBatch(store, cluster, { at, resources: [], removed: [], findings, resolved, risks: RISKS });
  await write(ago(30), FINDINGS.slice(0, 48), []);
  // What comes, goes, gets another severity, is accepted, and is accepted no more.
  await write(
    ago(20),
    [
      ...FINDINGS.slice(48),
      ...FINDINGS.slice(36, 48).map((row) => ({
        ...row,
        severity: 'high' as const,
        digest: row.fingerprint,
      })),
    ],
    FINDINGS.slice(0, 6).map(({ fingerprint }) => fingerprint),
  );
  await write(
    ago(10),
    FINDINGS.slice(6, 9).map((row, index) => ({
      ...row,
      exception:
        index === 1 ? undefined : { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' as const },
      digest: `${row.fingerprint.slice(1)}0`,
    })),
    [],
  );
  // Of what is open, accepted, gone, and of what became another.
  for (const index of [14, 3, 7, 40, 55])
    await triage(store, [{ cluster, fingerprint: FINDINGS[index]?.fingerprint ?? '' }], {
      ...triageOf(index),
      author: 'ann',
      at: ago(1),
    });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await databases?.drop();
});

/** Sums know nothing of when, so that a moment before everything leaves the findings alone to answer. */
async function expectSameWithoutSums(by: GroupKey, query: Query, asOf: Date | undefined): Promise<number> {
  const request = { query, now: NOW, asOf, frameworks: FRAMEWORKS };
  const bySums = await groupFindings(store, ALL, by, request);
  const byFindings = await groupFindings(store, ALL, by, { ...request, since: new Date(0) });
  expect(bySums, `${by} ${printQuery(query)} ${asOf?.toISOString()}`).toEqual(byFindings);
  return bySums.length;
}

const MOMENTS = [undefined, ago(35), ago(25), ago(15), ago(5)];

describe('groups of findings', () => {
  it.each(KEYS)(
    'by %s are the same from sums as from findings',
    async (by) => {
      const places = FINDING_FIELDS.filter(({ name }) =>
        [
          'severity',
          'control',
          'namespace',
          'kind',
          'owner',
          'environment',
          'criticality',
          'framework',
          'assignee',
          'acknowledged',
          'deferred-until',
          'fixable',
          'first-seen',
          'age',
        ].includes(name),
      );
      const models = FINDINGS.map((row, index) => {
        const { key, record, values } = findingModel(row, index);
        return { key, record, values: { ...values, framework: [...FRAMEWORKS.keys()] } };
      });
      await fc.assert(
        fc.asyncProperty(queriesOf(places, models), fc.constantFrom(...MOMENTS), async (query, asOf) => {
          await expectSameWithoutSums(by, query, asOf);
        }),
        { numRuns: 100 },
      );
    },
    120_000,
  );

  it.each(OF_CONTROLS)(
    'by %s are the same where objects are told apart in crowded places alone',
    async (by) => {
      const models = FINDINGS.map((row, index) => findingModel(row, index));
      await fc.assert(
        fc.asyncProperty(queriesOf(FINDING_FIELDS, models), async (query) => {
          const request = { query, now: NOW, frameworks: FRAMEWORKS, since: new Date(0) };
          // Of a moment, all objects are told apart, and nothing is known of risks.
          const all = await groupFindings(store, ALL, by, { ...request, asOf: NOW });
          const groups = await groupFindings(store, ALL, by, request);
          expect(
            groups.map((group) => ({ ...group, riskiest: undefined, exposed: 0 })),
            printQuery(query),
          ).toEqual(all.map((group) => ({ ...group, riskiest: undefined })));
        }),
        { numRuns: 150 },
      );
    },
    120_000,
  );

  it.each(OF_CONTROLS)('by %s have the riskiest of objects with one finding and with several', async (by) => {
    const request = { query: EVERY_RECORD, now: NOW, frameworks: FRAMEWORKS };
    const groups = await groupFindings(store, ALL, by, { ...request, since: new Date(0) });

    expect(groups).toEqual(await groupFindings(store, ALL, by, request));
    expect(groups.some(({ exposed }) => exposed > 0)).toBe(true);
    expect(groups.some(({ exposed, objects }) => exposed < objects)).toBe(true);
    expect(groups.some(({ objects, findings }) => objects < findings)).toBe(true);
    expect(groups.some(({ objects, findings }) => objects === findings)).toBe(true);
  });

  it.each(
    KEYS.flatMap((by) =>
      [
        '',
        'severity:>=high',
        'severity:low',
        '-severity:critical namespace:shop',
        'severity:high owner:none',
        'fixable:yes severity:>=low',
        'fixable:no',
        'age:>15d',
        'fixable:yes -age:<=25d severity:<=critical',
        'assignee:none',
        'assignee:ann,none severity:>=low',
        '-acknowledged:yes',
        'deferred-until:none -assignee:Bob',
      ].map((text) => ({ by, text })),
    ),
  )('by $by are found by [$text] at every moment', async ({ by, text }) => {
    const parsed = parseQuery(text, FINDING_FIELDS);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const found = await Promise.all(MOMENTS.map((asOf) => expectSameWithoutSums(by, parsed.value, asOf)));
    expect(Math.max(...found)).toBeGreaterThan(0);
  });

  it.each(KEYS.flatMap((by) => MOMENTS.map((asOf) => ({ by, asOf }))))(
    'by $by are the same by pages as at once, as of $asOf',
    async ({ by, asOf }) => {
      const request = { query: EVERY_RECORD, now: NOW, asOf, limit: 2 };
      const whole = await groupFindings(store, ALL, by, request);
      const paged: ListedGroupRecord[] = [];
      let cursor: string | undefined;
      let total: number | null = null;
      do {
        const page = await pageOfGroups(store, ALL, by, { ...request, cursor });
        paged.push(...page.items);
        total ??= page.total;
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);

      expect(paged).toEqual(whole.map(({ assignees: _assignees, ...group }) => group));
      expect(total).toBe(whole.length);
    },
  );
});
