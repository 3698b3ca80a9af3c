import {
  CHANGE_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '../scope.ts';
import { LOCALES } from '../server.testing.ts';
import type { Store } from '../store.ts';
import { listChanges } from './changes.ts';
import { compareObjects } from './compared-objects.ts';
import { findingColumns, findingSource } from './finding-columns.ts';
import { type GroupKey, pageOfGroups } from './finding-groups.ts';
import { FINDING_SORTS, listFindings } from './findings.ts';
import { listResources } from './inventory.ts';
import { listNamespaces } from './namespaces.ts';
import { OWNER } from './owner.ts';
import type { ListRequest, Page } from './page.ts';
import { queryOf } from './queries.testing.ts';
import { toSql } from './query-sql.ts';
import { ago, at, BEFORE, FRAMEWORKS, NOW } from './queryable.testing.ts';
import { queryableStores } from './queryable-store.testing.ts';
import { RESOURCE_COLUMNS, RESOURCE_SORTS, resourceSource } from './resource-source.ts';
import { workloadsByOwner } from './teams.ts';
import { valuesOf } from './values.ts';
import { listWorkloads } from './workloads.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SPAN = { from: ago(60), to: NOW };

const stores = queryableStores();

/** What databases of every locale answer alike. */
async function alike<T>(ask: (store: Store) => Promise<T>): Promise<T> {
  const answers = await Promise.all(stores().map(ask));
  for (const [index, locale] of LOCALES.entries())
    expect({ locale, answer: answers[index] }).toEqual({ locale, answer: answers[0] });
  return at(answers, 0);
}

type List = (store: Store, request: ListRequest) => Promise<Page<unknown>>;

/** All pages, one after the other. */
async function pagesOf(list: List, store: Store, sort: string, limit: number): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(store, { query: queryOf('', []), now: NOW, sort, limit, cursor });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

const objects = Object.keys(RESOURCE_SORTS);
const LISTS: readonly (readonly [name: string, sorts: readonly string[], list: List])[] = [
  ['findings', Object.keys(FINDING_SORTS), (store, request) => listFindings(store, ALL, request)],
  [
    'findings of a moment',
    Object.keys(FINDING_SORTS),
    (store, request) => listFindings(store, ALL, { ...request, asOf: BEFORE }),
  ],
  ['objects', objects, (store, request) => listResources(store, ALL, request)],
  [
    'objects of a moment',
    objects,
    (store, request) => listResources(store, ALL, { ...request, asOf: BEFORE }),
  ],
  ['workloads', [...objects, 'severity', 'pods'], (store, request) => listWorkloads(store, ALL, request)],
  [
    'namespaces',
    ['name', 'owner', 'severity', 'findings', 'first-seen'],
    (store, request) => listNamespaces(store, ALL, request),
  ],
  ['changes', ['at'], (store, request) => listChanges(store, ALL, request)],
  [
    'compared objects',
    ['namespace', 'at', 'name'],
    (store, request) => compareObjects(store, ALL, SPAN, request),
  ],
];

describe.each(LISTS)('%s', (_name, sorts, list) => {
  it.each(sorts.flatMap((sort) => [sort, `-${sort}`]))(
    'in the order %s go on where the page before ended, alike in every locale',
    async (sort) => {
      const whole = await alike((store) => pagesOf(list, store, sort, 500));

      expect(whole.length).toBeGreaterThan(10);
      expect(await alike((store) => pagesOf(list, store, sort, 7))).toEqual(whole);
    },
  );
});

it.each([
  'control',
  'workload',
  'namespace',
  'owner',
  'owned control',
] as const satisfies readonly GroupKey[])(
  'groups by %s go on where the page before ended, alike in every locale',
  async (by) => {
    const list: List = (store, { limit, cursor }) =>
      pageOfGroups(store, ALL, by, { query: queryOf('', []), now: NOW, limit, cursor });
    const whole = await alike((store) => pagesOf(list, store, '', 500));

    expect(await alike((store) => pagesOf(list, store, '', 1))).toEqual(whole);
  },
);

it('has the same owners in every locale', async () => {
  const teams = await alike((store) => workloadsByOwner(store, ALL));

  expect(teams.map(({ owner }) => owner)).toEqual(['', 'payments', 'Équipe']);
});

it.each([
  ['owner', 'É', ['Équipe']],
  ['owner', 'é', []],
  ['kind', 'DEPLOYMENT', ['Deployment']],
  ['name', 'CI-', ['ci-runner']],
  ['name', '', undefined],
] as const)('completes %s from "%s" alike in every locale', async (field, prefix, expected) => {
  const found = await alike((store) => valuesOf(store, ALL, { list: 'workloads', field, prefix }));

  expect(found).toEqual(expected ?? [...found].sort());
});

it.each([
  ['findings', FINDING_FIELDS, listFindings],
  ['workloads', WORKLOAD_FIELDS, listWorkloads],
  ['objects', RESOURCE_FIELDS, listResources],
  ['namespaces', NAMESPACE_FIELDS, listNamespaces],
] as const)('finds %s by an owner with a capital letter beyond ASCII', async (_name, fields, list) => {
  const found = (q: string) =>
    alike(async (store) => {
      const { items } = await list(store, ALL, { query: queryOf(q, fields), limit: 500, now: NOW });
      return items.map(({ name }) => name);
    });

  expect((await found('owner:Équipe')).length).toBeGreaterThan(0);
  expect(await found('owner:ÉQUIPE')).toEqual(await found('owner:Équipe'));
  expect(await found('owner:équipe')).toEqual([]);
});

it('finds changes by a kind in capitals', async () => {
  const query = queryOf('kind:DEPLOYMENT,NAMESPACE', CHANGE_FIELDS);
  const { items } = await alike((store) => listChanges(store, ALL, { query, limit: 500, now: NOW }));

  expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['apps/Deployment', 'Namespace']));
});

/** A cluster that no list asks for, large enough for an index to be worth it. */
const LARGE = 9;

async function fillLarge({ pool }: Store): Promise<void> {
  await pool.query(
    `insert into finding select r.* from (select f from finding f limit 1) one, generate_series(1, 20000) n,
       jsonb_populate_record(one.f, jsonb_build_object('cluster_id', $1::int, 'fingerprint', gen_random_uuid(),
         'name', 'Name-' || n, 'team', 'Team-' || n % 500, 'severity', n % 5)) r`,
    [LARGE],
  );
  await pool.query(
    `insert into resource select r.* from (select o from resource o limit 1) one, generate_series(1, 20000) n,
       jsonb_populate_record(one.o, jsonb_build_object('cluster_id', $1::int, 'name', 'Name-' || n,
         'team', 'Team-' || n % 500, 'labels', jsonb_build_object('App', 'Web-' || n % 500))) r`,
    [LARGE],
  );
  await pool.query('analyze finding, resource');
}

function findings(q: string): RawBuilder<unknown> {
  const condition = toSql(queryOf(q, FINDING_FIELDS), findingColumns({ frameworks: FRAMEWORKS }), NOW);
  return sql`select * from ${findingSource({})} t where t.cluster_id = ${LARGE} and ${condition}`;
}

function resources(q: string): RawBuilder<unknown> {
  const columns = { fields: RESOURCE_COLUMNS, texts: [] };
  return sql`select t.cluster_id, t.kind, t.namespace, t.name from ${resourceSource({})} t
    where t.cluster_id = ${LARGE} and ${toSql(queryOf(q, RESOURCE_FIELDS), columns, NOW)}`;
}

describe('in a database of any locale', () => {
  beforeAll(() => Promise.all(stores().map(fillLarge)), 60_000);

  it.each<[string, string, () => RawBuilder<unknown>]>([
    ['findings by name', 'finding_name', () => findings('name:NAME-777*')],
    ['findings by owner', 'finding_team', () => findings('owner:TEAM-7')],
    [
      'findings in the order of owners',
      'finding_team',
      () => sql`${findings('')} order by (${OWNER}) collate "C", t.severity, t.fingerprint limit 9`,
    ],
    ['objects by name', 'resource_name', () => resources('name:NAME-777*')],
    ['objects by label', 'resource_labels', () => resources('label:app=WEB-7')],
    ['objects by owner', 'resource_team', () => resources('owner:TEAM-7')],
    [
      'objects in the order of owners',
      'resource_team',
      () => sql`${resources('')} order by (${OWNER}) collate "C", t.namespace, t.kind, t.name limit 9`,
    ],
  ])('%s are found by the index %s', async (_name, index, asked) => {
    for (const { db } of stores()) {
      const { rows } = await sql`explain ${asked()}`.execute(db);
      expect(JSON.stringify(rows)).toMatch(new RegExp(`(?:using|on) ${index}\\b`));
    }
  });

  it('how many findings have a path is known to the planner', async () => {
    for (const { db } of stores()) {
      const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${findings('path:SPEC.*')}`.execute(db);
      expect(Number(/ rows=(\d+)/.exec(rows[0]?.['QUERY PLAN'] ?? '')?.[1])).toBeGreaterThan(15_000);
    }
  });
});
