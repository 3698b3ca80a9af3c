import { rmSync } from 'node:fs';
import {
  CHANGE_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  parseQuery,
  type QueryField,
  type QueryList,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingRows, namespaceRows, type Size, workloadRows } from './dataset.testing.ts';
import {
  applyBatch,
  compareFindings,
  countMoves,
  type EmbeddedServer,
  listChanges,
  listClusters,
  listFindings,
  listNamespaces,
  listResources,
  listWorkloads,
  openStore,
  pageOfGroups,
  registerCluster,
  type Store,
  scopeOf,
  startEmbedded,
  valuesOf,
} from './index.ts';
import { serverFolder } from './server.testing.ts';

const IS_FULL = process.env['BULWARK_PROOF'] === 'full';
/** In full half a million findings, else what a run of all tests has the time for. */
const SIZE: Size = { namespaces: 200, workloads: IS_FULL ? 6000 : 120, podsEach: 3, findingsEach: 84 };
const RUNS = IS_FULL ? 40 : 2;
const LIMITS = { list: 100, 'as of': 300, completion: 50 } as const;

const NOW = new Date('2026-11-26T10:00:00Z');
const HOUR = 3_600_000;
const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let folder: string;
let server: EmbeddedServer;
let store: Store;

/** Forty days of findings, and a last hour in which a twentieth of the workloads is changed. */
async function fill(): Promise<void> {
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  const cluster = await registerCluster(store, identity, ago(960));
  const nothing = { resources: [], removed: [], findings: [], resolved: [] };
  const workloads = Array.from({ length: SIZE.workloads }, (_each, index) => index);
  const resources = [...namespaceRows(SIZE), ...workloads.flatMap((index) => workloadRows(index, SIZE))];
  await applyBatch(store, cluster, { ...nothing, at: ago(960), isFirst: true, resources });
  for (let from = 0; from < SIZE.workloads; from += 600) {
    const findings = workloads.slice(from, from + 600).flatMap((index) => findingRows(index, SIZE));
    await applyBatch(store, cluster, { ...nothing, at: ago(960 - from / 10), findings });
  }
  const changed = workloads.filter((index) => index % 20 === 0);
  await applyBatch(store, cluster, {
    ...nothing,
    at: ago(1),
    resources: changed.flatMap((index) => workloadRows(index, SIZE, 1)),
    resolved: changed.flatMap((index) =>
      findingRows(index, SIZE)
        .slice(0, 10)
        .map(({ fingerprint }) => fingerprint),
    ),
  });
  await store.pool.query('vacuum analyze');
}

beforeAll(async () => {
  folder = serverFolder('speed');
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  await fill();
}, 1_200_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Case {
  readonly name: string;
  readonly limit: keyof typeof LIMITS;
  readonly ask: () => Promise<number>;
}

function query(text: string, fields: readonly QueryField[]) {
  const parsed = parseQuery(text, fields);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

interface Listed {
  readonly list: (
    store: Store,
    scope: typeof ALL,
    request: Parameters<typeof listFindings>[2],
  ) => Promise<{ items: readonly unknown[]; next: string | null }>;
  readonly fields: readonly QueryField[];
  /** Queries, each with the orders that it is asked in. */
  readonly asked: readonly (readonly [text: string, ...sorts: string[]])[];
}

const LISTS: Readonly<Record<string, Listed>> = {
  findings: {
    list: listFindings,
    fields: FINDING_FIELDS,
    asked: [
      ['', '-severity', 'namespace', '-first-seen', 'owner', 'control', 'name'],
      ['severity:>=high', '-severity', 'namespace'],
      ['namespace:team-05*', '-severity', 'namespace'],
      ['control:pod-rule-7', '-severity', 'owner'],
      ['control:*rule-7', '-severity'],
      ['-control:image-*', '-severity'],
      ['owner:team-3', '-severity', 'namespace'],
      ['owner:none', '-severity'],
      ['fixable:yes', '-severity'],
      ['environment:test criticality:crown-jewel', '-severity'],
      ['state:excepted', '-severity'],
      ['state:resolved', '-severity', 'namespace', '-first-seen', 'owner', 'control', 'name'],
      ['age:>30d', '-severity'],
      ['path:*field1*', '-severity'],
      ['fingerprint:00*', '-severity'],
      ['fingerprint:00* state:open,excepted,resolved', '-severity'],
      ['rights', '-severity'],
      ['ledger-12', '-severity'],
    ],
  },
  workloads: {
    list: listWorkloads,
    fields: WORKLOAD_FIELDS,
    asked: [
      ['', '-severity', 'name', 'namespace', 'owner', '-pods'],
      ['severity:>=high', '-severity'],
      ['image:*api*', 'name'],
      ['node:worker-3', 'name'],
      ['node:*1', '-severity'],
      ['label:app=api-10', 'name'],
      ['ledger', '-severity'],
    ],
  },
  objects: {
    list: listResources,
    fields: RESOURCE_FIELDS,
    asked: [
      ['', 'name', 'namespace', 'owner', '-first-seen'],
      ['kind:Pod', 'name'],
      ['label:app=api-10', 'name'],
      ['ledger', 'namespace'],
    ],
  },
  namespaces: { list: listNamespaces, fields: NAMESPACE_FIELDS, asked: [['', 'name', '-severity']] },
  changes: {
    list: listChanges,
    fields: CHANGE_FIELDS,
    asked: [
      ['', '-at'],
      ['verb:changed', '-at'],
      ['namespace:team-20*', '-at'],
    ],
  },
};

function casesOf([name, { list, fields, asked }]: [string, Listed]): Case[] {
  return asked.flatMap(([text, ...sorts]) =>
    sorts.flatMap((sort) => {
      const request = { limit: 100, now: NOW, query: query(text, fields), sort };
      const count = async (more: object) => (await list(store, ALL, { ...request, ...more })).items.length;
      const isFirst = text === '' && sort === sorts[0];
      let cursor: Promise<string | null> | undefined;
      const secondPage = async () => {
        cursor ??= list(store, ALL, { ...request, limit: 50 }).then(({ next }) => next);
        return count({ cursor: (await cursor) ?? undefined });
      };
      return [
        { name: `${name} [${text}] ${sort}`, limit: 'list', ask: () => count({}) },
        { name: `${name} [${text}] ${sort}, a day ago`, limit: 'as of', ask: () => count({ asOf: ago(24) }) },
        ...(isFirst ? [{ name: `${name}, page 2`, limit: 'list', ask: secondPage } as const] : []),
      ];
    }),
  );
}

const GROUPS = (['control', 'workload', 'namespace', 'owner'] as const).flatMap((by) =>
  ['', 'severity:>=high', 'environment:test'].flatMap((text): Case[] => {
    const request = { query: query(text, FINDING_FIELDS), limit: 100, now: NOW };
    const page = (more: { asOf?: Date; cursor?: string | undefined } = {}) =>
      pageOfGroups(store, ALL, by, { ...request, ...more });
    const count = async (...more: Parameters<typeof page>) => (await page(...more)).items.length;
    const secondPage = async () => count({ cursor: (await page()).next ?? undefined });
    const name = `groups by ${by} [${text}]`;
    return [
      { name, limit: 'list', ask: () => count() },
      { name: `${name}, a day ago`, limit: 'as of', ask: () => count({ asOf: ago(24) }) },
      ...(by === 'workload'
        ? [{ name: `${name}, two pages`, limit: 'as of', ask: secondPage } as const]
        : []),
    ];
  }),
);

/** What came and went within a day, in orders that no index of both has. */
const COMPARISONS = ['-severity', 'first-seen', '-first-seen', 'name'].map(
  (sort): Case => ({
    name: `comparison ${sort}`,
    limit: 'as of',
    ask: async () => {
      const request = { query: query('', FINDING_FIELDS), limit: 100, now: NOW, sort };
      return (await compareFindings(store, ALL, { from: ago(24), to: NOW }, request)).items.length;
    },
  }),
);

const MOVES = [
  { name: 'what moved since midnight', limit: 'list', span: { from: ago(10), to: undefined } },
  { name: 'what moved on the day before', limit: 'as of', span: { from: ago(34), to: ago(10) } },
].map(({ name, limit, span }) => ({
  name,
  limit: limit as keyof typeof LIMITS,
  ask: async () => (await countMoves(store, ALL, span)).went,
}));

const PLACES = ['namespace', 'kind', 'name', 'owner'] as const;
const COMPLETED: readonly (readonly [list: QueryList, fields: readonly string[]])[] = [
  ['findings', [...PLACES, 'control', 'environment', 'cluster']],
  ['workloads', [...PLACES, 'environment', 'image', 'label', 'service-account']],
  ['resources', [...PLACES, 'group']],
  ['namespaces', ['name', 'owner', 'environment', 'label']],
  ['changes', ['namespace', 'kind', 'name']],
  ['teams', ['owner']],
];
const COMPLETION = COMPLETED.flatMap(([list, fields]) =>
  fields.map(
    (field): Case => ({
      name: `completion of ${list}, ${field}:`,
      limit: 'completion',
      ask: async () => (await valuesOf(store, ALL, { list, field, prefix: '' })).length,
    }),
  ),
);

const CASES: readonly Case[] = [
  ...Object.entries(LISTS).flatMap(casesOf),
  ...GROUPS,
  ...COMPARISONS,
  ...MOVES,
  ...COMPLETION,
  { name: 'clusters', limit: 'list', ask: async () => (await listClusters(store, ALL)).length },
];

async function measure({ ask }: Case): Promise<{ median: number; p95: number; rows: number }> {
  const times: number[] = [];
  let rows = await ask();
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    rows = await ask();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  return { median: at(0.5), p95: at(0.95), rows };
}

it(`every list of ${SIZE.workloads * SIZE.findingsEach} findings answers, and in full within its limit`, async () => {
  const lines: string[] = [];
  const late: string[] = [];
  const empty: string[] = [];
  for (const each of CASES) {
    const { median, p95, rows } = await measure(each);
    lines.push(
      `${each.name.padEnd(72)}${String(median).padStart(6)}${String(p95).padStart(6)}${String(LIMITS[each.limit]).padStart(6)}`,
    );
    if (p95 > LIMITS[each.limit]) late.push(`${each.name}: ${p95} ms`);
    if (rows === 0 && !/a day ago|day before/.test(each.name)) empty.push(each.name);
  }
  console.log(`${'milliseconds'.padEnd(72)}median   p95 limit\n${lines.join('\n')}`);
  expect(empty).toEqual([]);
  if (IS_FULL) expect(late).toEqual([]);
}, 1_200_000);
