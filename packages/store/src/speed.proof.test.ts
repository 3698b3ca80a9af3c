import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CHANGE_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  parseQuery,
  type QueryField,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingRows, namespaceRows, type Size, workloadRows } from './dataset.testing.ts';
import {
  applyBatch,
  type EmbeddedServer,
  groupFindings,
  listChanges,
  listFindings,
  listNamespaces,
  listResources,
  listWorkloads,
  openStore,
  registerCluster,
  type Store,
  scopeOf,
  startEmbedded,
} from './index.ts';

const SIZE: Size = { namespaces: 200, workloads: 6000, podsEach: 3, findingsEach: 84 };
const NOW = new Date('2026-11-26T10:00:00Z');
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
let folder: string;
let server: EmbeddedServer;
let store: Store;
let cluster: number;

function q(text: string, fields: readonly QueryField[]) {
  const parsed = parseQuery(text, fields);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

beforeAll(async () => {
  folder = process.env['STORE_DATA'] ?? mkdtempSync(join(tmpdir(), 'bulwark-speed-'));
  chmodSync(folder, 0o755);
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  cluster = await registerCluster(
    store,
    { uid: 'u', caHash: 'c', name: 'prod', server: 'https://x', version: 'v1.34.0', isDemo: false },
    NOW,
  );
  const { rows } = await store.pool.query('select count(*) as n from finding');
  if (rows[0].n > 0) return;
  let started = Date.now();
  const T0 = new Date(NOW.getTime() - 40 * 86400e3);
  const resources = [
    ...namespaceRows(SIZE),
    ...Array.from({ length: SIZE.workloads }, (_e, w) => workloadRows(w, SIZE)).flat(),
  ];
  console.log('rows made', resources.length, Date.now() - started);
  started = Date.now();
  await applyBatch(store, cluster, {
    at: T0,
    isFirst: true,
    resources,
    removed: [],
    findings: [],
    resolved: [],
  });
  console.log('resources', Date.now() - started);
  for (let w = 0; w < SIZE.workloads; w += 720) {
    const findings = Array.from({ length: Math.min(720, SIZE.workloads - w) }, (_e, i) =>
      findingRows(w + i, SIZE),
    ).flat();
    started = Date.now();
    await applyBatch(store, cluster, {
      at: new Date(T0.getTime() + w * 1000),
      resources: [],
      removed: [],
      findings,
      resolved: [],
    });
    console.log('findings', findings.length, Date.now() - started);
  }
  await store.pool.query('vacuum analyze');
}, 600_000);
afterAll(async () => {
  await store?.close();
  await server?.stop();
  if (!process.env['STORE_DATA']) rmSync(folder, { recursive: true, force: true });
});

describe('speed', () => {
  it('lists', async () => {
    const report: string[] = [];
    const time = async (name: string, act: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const s = performance.now();
        await act();
        times.push(performance.now() - s);
      }
      times.sort((a, b) => a - b);
      report.push(`${name.padEnd(60)} median ${times[2]?.toFixed(0)} max ${times[4]?.toFixed(0)}`);
    };
    const base = { limit: 100, now: NOW };
    const ns = 'team-05-queue-5';
    for (const text of [
      '',
      'severity:>=high',
      `namespace:${ns}`,
      'namespace:team-05*',
      'control:pod-rule-7',
      '-control:image-*',
      'owner:team-3',
      'owner:none',
      'fixable:yes',
      'name:api-10',
      'rights',
      'ledger-4321',
      'nothingatall',
      'age:>30d',
      'environment:test criticality:crown-jewel',
      'state:resolved',
      'assignee:me',
    ])
      for (const sort of ['-severity', 'namespace', '-first-seen', 'owner'])
        await time(`findings [${text}] ${sort}`, () =>
          listFindings(store, ALL, { ...base, query: q(text, FINDING_FIELDS), sort }),
        );
    const first = await listFindings(store, ALL, { ...base, query: q('', FINDING_FIELDS) });
    await time('findings page 2', () =>
      listFindings(store, ALL, { ...base, query: q('', FINDING_FIELDS), cursor: first.next ?? '' }),
    );
    await time('findings asOf', () =>
      listFindings(store, ALL, {
        ...base,
        query: q('', FINDING_FIELDS),
        asOf: new Date(NOW.getTime() - 86400e3),
      }),
    );
    for (const by of ['control', 'workload', 'namespace', 'owner'] as const)
      await time(`groups by ${by}`, () =>
        groupFindings(store, ALL, by, { query: q('', FINDING_FIELDS), limit: 500, now: NOW }),
      );
    await time('groups by control severity:>=high', () =>
      groupFindings(store, ALL, 'control', {
        query: q('severity:>=high', FINDING_FIELDS),
        limit: 500,
        now: NOW,
      }),
    );
    for (const [text, sort] of [
      ['', '-severity'],
      ['', 'name'],
      ['findings:>3', '-severity'],
      ['image:*api*', 'name'],
      ['node:worker-3', 'name'],
      ['', '-pods'],
    ] as const)
      await time(`workloads [${text}] ${sort}`, () =>
        listWorkloads(store, ALL, { ...base, query: q(text, WORKLOAD_FIELDS), sort }),
      );
    for (const [text, sort] of [
      ['', 'name'],
      ['kind:Pod', 'name'],
      ['label:app=api-10', 'name'],
      ['ledger-99', 'namespace'],
    ] as const)
      await time(`resources [${text}] ${sort}`, () =>
        listResources(store, ALL, { ...base, query: q(text, RESOURCE_FIELDS), sort }),
      );
    await time('namespaces', () => listNamespaces(store, ALL, { ...base, query: q('', NAMESPACE_FIELDS) }));
    await time('changes', () => listChanges(store, ALL, { ...base, query: q('', CHANGE_FIELDS) }));
    const sizes = await store.pool.query(
      `select relname, reltuples::int as n, pg_size_pretty(pg_relation_size(oid)) as heap, pg_size_pretty(pg_indexes_size(oid)) as idx from pg_class where relkind = 'r' and relname in ('finding','resource','body','counter')`,
    );
    console.log(report.join('\n'));
    console.table(sizes.rows);
    expect(report.length).toBeGreaterThan(0);
  }, 600_000);
});
