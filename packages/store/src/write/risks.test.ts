import { FINDING_FIELDS, hash128, parseQuery, type Severity } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { groupFindings } from '../read/finding-groups.ts';
import { liveRisks } from '../read/live.ts';
import { risksOf } from '../read/risks.ts';
import { scopeOf } from '../scope.ts';
import { poolOf, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { registerCluster } from './clusters.ts';
import type { Batch, FindingRow, RiskRow } from './rows.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const NOW = new Date('2026-11-26T10:00:00Z');
const NOTHING = { resources: [], removed: [], findings: [], resolved: [] };

function finding(control: string, kind: string, name: string, severity: Severity = 'high'): FindingRow {
  const row = {
    fingerprint: hash128(`${control} ${kind} ${name}`),
    control,
    severity,
    kind,
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name,
    container: undefined,
    path: 'spec',
    message: `${name} is wrong.`,
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: undefined,
    environment: undefined,
    criticality: undefined,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

function risk(name: string, points: number, reach = 'cluster'): RiskRow {
  const reasons = [
    { factor: 'exposure' as const, points, text: `open: ${reach}`, objects: [`Service shop/${name}`] },
  ];
  return {
    kind: 'apps/Deployment',
    namespace: 'shop',
    name,
    points,
    reach,
    reasons,
    digest: hash128(`${name} ${points} ${reach}`),
  };
}

describe.each(TESTED_VERSIONS)('the risks of workloads on PostgreSQL $major', ({ isThere, platform }) => {
  let databases: TestDatabases;

  beforeAll(async () => {
    if (isThere) databases = await testDatabases(platform);
  }, 60_000);

  afterAll(() => databases?.drop());

  async function filled(
    name: string,
  ): Promise<{ store: Store; write: (batch: Partial<Batch>) => Promise<void> }> {
    const store = await openStore({ url: await databases.database(name), now: NOW });
    const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
    const cluster = await registerCluster(store, identity, NOW);
    let at = NOW.getTime();
    return {
      store,
      write: (batch) => {
        at += 1000;
        return applyBatch(store, cluster, { ...NOTHING, at: new Date(at), ...batch });
      },
    };
  }

  /** What groups say of a control, by the sums and by the findings themselves. */
  async function groupsOf(store: Store, control: string): Promise<{ exposed?: number; worst?: string }> {
    const parsed = ['', 'wrong'].map((text) => parseQuery(text, FINDING_FIELDS));
    const [sums = {}, rows] = await Promise.all(
      parsed.map(async (query) => {
        if (!query.ok) throw new Error('the query is wrong');
        const groups = await groupFindings(store, ALL, 'control', {
          query: query.value,
          now: NOW,
        });
        const { exposed, riskiest } = groups.find(({ key }) => key === control) ?? {};
        return {
          ...(exposed !== undefined && { exposed }),
          ...(riskiest && { worst: `${riskiest.points} ${riskiest.name}` }),
        };
      }),
    );
    expect(rows).toEqual(sums);
    return sums;
  }

  it.skipIf(!isThere)('are the last of those that a batch has of a workload', async () => {
    const { store, write } = await filled('twice');
    await write({
      findings: [finding('a', 'apps/Deployment', 'web')],
      risks: [risk('web', 5), risk('web', 20, 'internet')],
    });

    expect(await groupsOf(store, 'a')).toEqual({ exposed: 1, worst: '20 web' });
    await store.close();
  });

  it.skipIf(!isThere)('tell of each control the worst of its workloads, whatever changes', async () => {
    const { store, write } = await filled('worst');
    const findings = ['cart', 'web', 'job'].map((name) => finding('a', 'apps/Deployment', name));
    await write({
      findings: [...findings, finding('b', 'rbac/Role', 'r')],
      risks: [risk('cart', 5), risk('web', 20, 'internet')],
    });

    expect(await groupsOf(store, 'a')).toEqual({ exposed: 1, worst: '20 web' });
    expect(await groupsOf(store, 'b')).toEqual({ exposed: 0 });

    await write({ risks: [risk('cart', 35, 'internet')] });
    expect(await groupsOf(store, 'a')).toEqual({ exposed: 2, worst: '35 cart' });

    await write({ riskless: [{ kind: 'apps/Deployment', namespace: 'shop', name: 'cart' }] });
    expect(await groupsOf(store, 'a')).toEqual({ exposed: 1, worst: '20 web' });

    await write({ resolved: [hash128('a apps/Deployment web')] });
    expect((await groupsOf(store, 'a')).exposed).toBe(0);
    await store.close();
  });

  it.skipIf(!isThere)(
    'take nothing from a control that something else than workloads has as well',
    async () => {
      const { store, write } = await filled('less');
      await write({
        findings: [finding('a', 'apps/Deployment', 'cart')],
        risks: [risk('cart', -10, 'none')],
      });
      expect((await groupsOf(store, 'a')).worst).toBe('-10 cart');

      await write({ findings: [finding('a', 'rbac/Role', 'r')] });
      expect((await groupsOf(store, 'a')).worst).toBeUndefined();
      await store.close();
    },
  );

  it.skipIf(!isThere)('are read as they were written, within a scope', async () => {
    const { store, write } = await filled('read');
    await write({ risks: [risk('cart', 20, 'internet')] });
    const key = { cluster: 1, kind: 'apps/Deployment', namespace: 'shop', name: 'cart' };

    expect(await risksOf(store, ALL, [key])).toMatchObject([{ ...key, points: 20, reach: 'internet' }]);
    expect(await risksOf(store, scopeOf({ clusters: 'all', namespaces: ['other'] }), [key])).toEqual([]);
    expect(await liveRisks(store, 1)).toMatchObject([{ name: 'cart', digest: hash128('cart 20 internet') }]);
    await store.close();
  });

  it.skipIf(!isThere)('are unknown of the sums that were there before them', async () => {
    const url = await databases.database('before');
    const pool = poolOf(url);
    const step = MIGRATIONS.findIndex(({ name }) => name === '0007-risk');
    await migrate(pool, MIGRATIONS.slice(0, step));
    await pool.query(
      `insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted,
        fixable, objects) values (1, 'shop', 'a', 'Pod', 3, '', '', '', 1, 0, 0, 1)`,
    );

    await migrate(pool, MIGRATIONS.slice(0, step + 1));

    const { rows } = await pool.query('select open, riskiest, exposed from counter');
    await pool.end();
    expect(rows).toEqual([{ open: 1, riskiest: null, exposed: 0 }]);
  });
});
