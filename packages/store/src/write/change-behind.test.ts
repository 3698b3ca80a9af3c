import { hash128 } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingVersions } from '../read/finding-versions.ts';
import { findingHistory } from '../read/findings.ts';
import { scopeOf } from '../scope.ts';
import { deployment } from './attribute.testing.ts';
import { RecordedCluster } from './recorded.testing.ts';
import type { FindingRow, ResourceRow } from './rows.ts';

const BINDING = 'rbac.authorization.k8s.io/ClusterRoleBinding';
const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });

let prod: RecordedCluster;

beforeAll(async () => {
  prod = await RecordedCluster.start();
}, 120_000);

afterAll(() => prod?.stop());

function workload(name: string, user: string): ResourceRow {
  const row = deployment(name, prod.minute);
  return { ...row, actor: { ...row.actor, user } };
}

function binding(name: string, user: string): ResourceRow {
  const row = workload(name, user);
  const key = { kind: BINDING, namespace: '', apiVersion: 'rbac.authorization.k8s.io/v1' };
  return { ...row, ...key, ownerKind: BINDING, isWorkload: false };
}

/** A finding of a Deployment, whose cause is a binding. */
function takeover(name: string, cause: string): FindingRow {
  return prod.finding(name, {
    control: 'workload-cluster-takeover',
    severity: 'critical',
    causes: [`${BINDING}||nothing-changed`, `${BINDING}||${cause}`],
  });
}

/** The object of the change that opened, and of the one that resolved, a finding of a Deployment. */
async function behind(name: string): Promise<readonly (string | null)[]> {
  const versions = await findingVersions(prod.store, ALL, { cluster: prod.id, fingerprint: hash128(name) });
  const last = versions.at(-1);
  const ids = [last?.openedBy?.change ?? null, last?.resolvedBy?.change ?? null];
  const { rows } = await prod.store.pool.query<{ id: string; name: string }>(
    'select id::text, name from change where id = any($1::bigint[])',
    [ids],
  );
  return ids.map((id) => rows.find((row) => row.id === String(id))?.name ?? null);
}

/** Who changed an object, in their order, and how many findings each resolved. */
async function resolvedBy(name: string): Promise<readonly unknown[]> {
  const { rows } = await prod.store.pool.query(
    `select actor->>'user' as user, resolved from change where name = $1 order by id`,
    [name],
  );
  return rows;
}

describe('the change behind a finding', () => {
  it('is that of the object in which its cause lies, where its own object did not change', async () => {
    await prod.apply({ resources: [workload('web', 'ann')] });
    await prod.apply({ resources: [binding('admin', 'ben')], findings: [takeover('web', 'admin')] });

    expect(await behind('web')).toEqual(['admin', null]);
    const { rows } = await prod.store.pool.query(`select opened from change where name = 'admin'`);
    expect(rows).toEqual([{ opened: 1 }]);
  });

  it('is also what takes the cause away', async () => {
    const cause = binding('gone', 'ben');
    await prod.apply({ resources: [workload('api', 'ann')] });
    await prod.apply({ resources: [cause], findings: [takeover('api', 'gone')] });
    await prod.apply({ removed: [cause], resolved: [hash128('api')] });

    expect(await behind('api')).toEqual(['gone', 'gone']);
  });

  it('is that of its own object where both are new', async () => {
    await prod.apply({
      resources: [binding('both', 'ben'), workload('job', 'ann')],
      findings: [takeover('job', 'both')],
    });

    expect(await behind('job')).toEqual(['job', null]);
  });

  it('is that of a binding that is new, where somebody else changed its own object at once', async () => {
    await prod.apply({ resources: [workload('image', 'ann')] });
    await prod.apply({
      resources: [workload('image', 'ann'), binding('evil', 'mallory')],
      findings: [takeover('image', 'evil')],
    });

    expect(await behind('image')).toEqual(['evil', null]);
    const { rows } = await prod.store.pool.query(
      `select name, opened from change where name in ('image', 'evil') and opened > 0`,
    );
    expect(rows).toEqual([{ name: 'evil', opened: 1 }]);
  });

  it('is that of the binding that is deleted, where somebody else changed its own object at once', async () => {
    const cause = binding('mended', 'ben');
    await prod.apply({ resources: [workload('tool', 'ann')] });
    await prod.apply({ resources: [cause], findings: [takeover('tool', 'mended')] });
    await prod.apply({ resources: [workload('tool', 'ann')], removed: [cause], resolved: [hash128('tool')] });

    expect(await behind('tool')).toEqual(['mended', 'mended']);
  });

  it.each([
    ['the binding', 'later', 10, 20, 'later-binding'],
    ['its own object', 'sooner', 20, 10, 'sooner'],
    ['its own object in the same second', 'same', 10, 10, 'same'],
  ])('is that of %s where both are new and that was created last', async (_what, name, own, cause, last) => {
    const created = (row: ResourceRow, second: number): ResourceRow => ({
      ...row,
      instance: { metadata: { creationTimestamp: `2026-11-26T12:00:${second}Z` } },
    });
    await prod.apply({
      resources: [created(binding(`${name}-binding`, 'mallory'), cause), created(workload(name, 'ann'), own)],
      findings: [takeover(name, `${name}-binding`)],
    });

    expect(await behind(name)).toEqual([last, null]);
  });

  describe('where its own object and what it rests on were otherwise before', () => {
    const runsAs = (name: string, account: string): ResourceRow => {
      const row = workload(name, 'ann');
      return { ...row, body: { ...row.body, spec: { replicas: prod.minute, serviceAccountName: account } } };
    };
    const found = (name: string, path: string): FindingRow => ({ ...takeover(name, `${name}-role`), path });

    it.each([
      ['its own object, where that is otherwise at its place', 'moved', 'spec.serviceAccountName', 'moved'],
      ['what it rests on, where its own is not', 'scaled', 'metadata.name', 'scaled-role'],
      ['what it rests on, where its place is in a list', 'listed', 'spec.items[a]', 'listed-role'],
    ])('is that of %s', async (_what, name, path, expected) => {
      const before = [runsAs(name, 'weak'), binding(`${name}-role`, 'mallory')];
      await prod.apply({ resources: before });
      const both = [runsAs(name, 'strong'), binding(`${name}-role`, 'mallory')];
      await prod.apply({ resources: both, findings: [found(name, path)] });
      const key = { kind: 'apps/Deployment', namespace: 'shop', name, control: 'workload-cluster-takeover' };
      await prod.apply({
        resources: [runsAs(name, 'weak'), binding(`${name}-role`, 'mallory')],
        resolved: [hash128(name)],
        rested: [{ ...key, path, restsOn: [`${BINDING}||${name}-role`] }],
      });

      expect(await behind(name)).toEqual([expected, expected]);
    });
  });

  it('is none where something else changed', async () => {
    await prod.apply({ resources: [workload('lone', 'ann')] });
    await prod.apply({ resources: [binding('else', 'ben')], findings: [takeover('lone', 'other')] });

    expect(await behind('lone')).toEqual([null, null]);
  });

  describe('of pods that run as their owner said before', () => {
    const ofPods = (name: string): FindingRow => ({
      ...takeover(name, 'none'),
      digest: hash128(`${name} of pods ${prod.minute}`),
      message: `Pod/${name}-6f758997fb* may do everything.`,
    });

    it('is the change of their owner that is rolled out, when they are gone', async () => {
      await prod.apply({ resources: [workload('rolled', 'ann')], findings: [takeover('rolled', 'none')] });
      await prod.apply({ resources: [workload('rolled', 'ben')], findings: [ofPods('rolled')] });
      await prod.apply({ resources: [workload('rolled', 'carl')] });
      await prod.apply({ resolved: [hash128('rolled')] });

      expect(await behind('rolled')).toEqual(['rolled', 'rolled']);
      expect(await resolvedBy('rolled')).toEqual([
        { user: 'ann', resolved: 0 },
        { user: 'ben', resolved: 1 },
        { user: 'carl', resolved: 0 },
      ]);
    });

    it('is the change that is rolled out where something was decided meanwhile, and nobody who came later', async () => {
      const exception = {
        id: 1,
        origin: 'hub',
        source: 'hub:1',
        reason: 'We know.',
        owner: null,
        until: null,
      } as const;
      await prod.apply({ resources: [workload('decided', 'ann')], findings: [takeover('decided', 'none')] });
      await prod.apply({ resources: [workload('decided', 'ben')], findings: [ofPods('decided')] });
      await prod.apply({ findings: [{ ...ofPods('decided'), exception }] });
      await prod.apply({ findings: [ofPods('decided')] });
      await prod.apply({ resources: [workload('decided', 'carl')] });
      await prod.apply({ resolved: [hash128('decided')] });

      expect(await resolvedBy('decided')).toEqual([
        { user: 'ann', resolved: 0 },
        { user: 'ben', resolved: 1 },
        { user: 'carl', resolved: 0 },
      ]);
    });

    it('is that of the pod, where somebody wrote into it what its owner never said, and that of nobody else', async () => {
      const podOf = (user: string): ResourceRow => ({
        ...workload('debugged-6f758997fb-x', user),
        kind: 'Pod',
        apiVersion: 'v1',
        isWorkload: false,
        ownerKind: 'apps/Deployment',
        ownerName: 'debugged',
      });
      await prod.apply({ resources: [workload('debugged', 'ann'), podOf('system:kube-scheduler')] });
      const pod = podOf('mallory');
      const controllers = ['apps/ReplicaSet|shop|debugged-6f758997fb'];
      const shownIn = new Map([[hash128('debugged'), { contents: [pod.bodyHash], controllers }]]);
      await prod.apply({ resources: [pod], findings: [ofPods('debugged')], shownIn });
      const exception = {
        id: 1,
        origin: 'hub',
        source: 'hub:1',
        reason: 'We know.',
        owner: null,
        until: null,
      } as const;
      await prod.apply({ findings: [{ ...ofPods('debugged'), exception }] });
      await prod.apply({ resources: [workload('debugged', 'carl')] });
      await prod.apply({ removed: [pod], resolved: [hash128('debugged')], shownIn });

      expect(await behind('debugged')).toEqual(['debugged-6f758997fb-x', 'debugged-6f758997fb-x']);
    });

    it('is none where they alone were so', async () => {
      await prod.apply({ resources: [workload('own', 'ann')] });
      await prod.apply({ findings: [ofPods('own')] });
      await prod.apply({ resolved: [hash128('own')] });

      expect(await behind('own')).toEqual([null, null]);
    });
  });

  it('is told to nobody who may not see the object that changed', async () => {
    await prod.apply({ resources: [workload('kept', 'ann')] });
    await prod.apply({ resources: [binding('far', 'ben')], findings: [takeover('kept', 'far')] });
    const limited = scopeOf({ clusters: 'all', namespaces: ['shop'] });
    const key = { cluster: prod.id, fingerprint: hash128('kept') };

    expect((await findingVersions(prod.store, limited, key)).map(({ openedBy }) => openedBy)).toEqual([null]);
    const [seen] = await findingHistory(prod.store, limited, prod.id, key.fingerprint);
    expect(seen).toMatchObject({ openedBy: null, to: null });
    expect((await findingHistory(prod.store, ALL, prod.id, key.fingerprint))[0]?.openedBy?.actor.user).toBe(
      'ben',
    );
  });
});
