import { hash128 } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingVersions } from '../read/finding-versions.ts';
import { findingHistory } from '../read/findings.ts';
import { scopeOf } from '../scope.ts';
import { startTestServer, type TestServer } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from './apply.ts';
import { deployment } from './attribute.testing.ts';
import { registerCluster } from './clusters.ts';
import type { FindingRow, ResourceRow } from './rows.ts';

const NOON = Date.parse('2026-11-26T12:00:00Z');
const BINDING = 'rbac.authorization.k8s.io/ClusterRoleBinding';
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let server: TestServer;
let store: Store;
let cluster: number;
let minutes = 0;

beforeAll(async () => {
  server = await startTestServer();
  store = await openStore({ url: await server.database('change_behind'), now: new Date(NOON) });
  const identity = { uid: 'u', caHash: 'c', name: 'prod', server: '', version: 'v1.34.0', isDemo: false };
  cluster = await registerCluster(store, identity, new Date(NOON));
}, 120_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
});

function workload(name: string, user: string): ResourceRow {
  const row = deployment(name, minutes);
  return { ...row, actor: { ...row.actor, user } };
}

function binding(name: string, user: string): ResourceRow {
  const row = workload(name, user);
  const key = { kind: BINDING, namespace: '', apiVersion: 'rbac.authorization.k8s.io/v1' };
  return { ...row, ...key, ownerKind: BINDING, isWorkload: false };
}

/** A finding of a Deployment, whose cause is a binding. */
function takeover(name: string, cause: string): FindingRow {
  const row = {
    fingerprint: hash128(name),
    control: 'workload-cluster-takeover',
    severity: 'critical' as const,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    namespace: 'shop',
    name,
    container: undefined,
    path: '',
    message: `It may do everything, after ${minutes} minutes.`,
    causes: [`${BINDING}||nothing-changed`, `${BINDING}||${cause}`],
    fixable: false,
    exception: undefined,
    requested: undefined,
    team: undefined,
    environment: undefined,
    criticality: undefined,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

/** What comes and goes at once, a minute after what came before. */
async function apply(
  resources: readonly ResourceRow[],
  findings: readonly FindingRow[],
  {
    removed = [],
    resolved = [],
  }: { readonly removed?: readonly ResourceRow[]; readonly resolved?: readonly string[] } = {},
): Promise<void> {
  await applyBatch(store, cluster, {
    at: new Date(NOON + ++minutes * 60_000),
    resources: [...resources],
    removed: [...removed],
    findings: [...findings],
    resolved: [...resolved],
  });
}

/** The object of the change that opened, and of the one that resolved, a finding of a Deployment. */
async function behind(name: string): Promise<readonly (string | null)[]> {
  const versions = await findingVersions(store, ALL, { cluster, fingerprint: hash128(name) });
  const last = versions.at(-1);
  const ids = [last?.openedBy?.change ?? null, last?.resolvedBy?.change ?? null];
  const { rows } = await store.pool.query<{ id: string; name: string }>(
    'select id::text, name from change where id = any($1::bigint[])',
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === String(id))?.name ?? null);
}

describe('the change behind a finding', () => {
  it('is that of the object in which its cause lies, where its own object did not change', async () => {
    await apply([workload('web', 'ann')], []);
    await apply([binding('admin', 'ben')], [takeover('web', 'admin')]);

    expect(await behind('web')).toEqual(['admin', null]);
    const { rows } = await store.pool.query(`select opened from change where name = 'admin'`);
    expect(rows).toEqual([{ opened: 1 }]);
  });

  it('is also what takes the cause away', async () => {
    const cause = binding('gone', 'ben');
    await apply([workload('api', 'ann')], []);
    await apply([cause], [takeover('api', 'gone')]);
    await apply([], [], { removed: [cause], resolved: [hash128('api')] });

    expect(await behind('api')).toEqual(['gone', 'gone']);
  });

  it('is that of its own object where both changed', async () => {
    await apply([binding('both', 'ben'), workload('job', 'ann')], [takeover('job', 'both')]);

    expect(await behind('job')).toEqual(['job', null]);
  });

  it('is none where something else changed', async () => {
    await apply([workload('lone', 'ann')], []);
    await apply([binding('else', 'ben')], [takeover('lone', 'other')]);

    expect(await behind('lone')).toEqual([null, null]);
  });

  it('is told to nobody who may not see the object that changed', async () => {
    await apply([workload('kept', 'ann')], []);
    await apply([binding('far', 'ben')], [takeover('kept', 'far')]);
    const limited = scopeOf({ clusters: 'all', namespaces: ['shop'] });
    const key = { cluster, fingerprint: hash128('kept') };

    expect((await findingVersions(store, limited, key)).map(({ openedBy }) => openedBy)).toEqual([null]);
    const [seen] = await findingHistory(store, limited, cluster, key.fingerprint);
    expect(seen).toMatchObject({ openedBy: null, to: null });
    expect((await findingHistory(store, ALL, cluster, key.fingerprint))[0]?.openedBy?.actor.user).toBe('ben');
  });
});
