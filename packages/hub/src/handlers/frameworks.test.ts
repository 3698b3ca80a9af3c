import { readFileSync } from 'node:fs';
import { catalogueRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { deleteCluster, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import type { RequestContext } from '../http/handler.ts';
import { frameworkHandlers } from './frameworks.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: plain, namespace: shop }
spec: { containers: [{ name: app, image: 'example.com/plain:1' }] }
`;
const ACCEPTED = `
apiVersion: v1
kind: Pod
metadata:
  name: probe
  namespace: shop
  annotations: { bulwark.dev/except.host-port: agents on the node ask it there }
spec:
  containers: [{ name: app, image: 'example.com/probe:1', ports: [{ containerPort: 80, hostPort: 8080 }] }]
`;

let hub: TestHub;
let prod: TestCluster;
let bare: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  prod = await hub.cluster('prod', { Pod: 'live', 'rbac.authorization.k8s.io/ClusterRole': 'denied' });
  bare = await hub.cluster('bare', { Pod: 'live' });
  await prod.show(YAML);
  await bare.show('apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n');
  hub.now = ONE;
  await prod.remove('apps/DaemonSet', 'pay', 'agent');
});

afterAll(() => hub?.stop());

interface Asked {
  readonly asOf?: string;
  /** 0 for all. */
  readonly cluster?: number;
  readonly namespaces?: readonly string[];
  readonly controls?: readonly (typeof CONTROLS)[number][];
}

async function framework(
  id: string,
  { asOf, cluster = prod.id, namespaces, controls = CONTROLS }: Asked = {},
) {
  const scope = scopeOf({ clusters: 'all', namespaces: namespaces ?? 'all' });
  const context = { caller: { scope } as unknown as Caller, now: ONE } as RequestContext;
  const input = { params: { id }, query: { cluster: cluster || undefined, asOf }, body: undefined };
  const answer = await frameworkHandlers(hub.store, controls).getFramework(input, context);
  const parsed = catalogueRoutes.getFramework.response.parse(answer);
  return {
    ...parsed,
    of: (requirement: string) => parsed.requirements.find(({ id: each }) => each === requirement),
  };
}

describe('a framework', () => {
  it('passes nothing as long as of one of the clusters nothing was seen, and fails with what was found', async () => {
    hub.now = NOON;
    const quiet = await hub.cluster('quiet', {});
    hub.now = ONE;
    const all = await framework('pss-baseline', { cluster: 0, asOf: NOON.toISOString() });
    await deleteCluster(hub.store, quiet.id);

    expect(Object.keys(all.counts).toSorted()).toEqual(['fail', 'not-checked']);
    const reasons = all.requirements.flatMap(({ verdict, reason }) => (verdict === 'fail' ? [] : [reason]));
    expect([...new Set(reasons)]).toEqual(['Nothing was seen of quiet.']);
  });

  it('fails with what was found, by owner, and passes where it was looked for', async () => {
    const before = await framework('pss-baseline', { asOf: NOON.toISOString() });
    const now = await framework('pss-baseline');

    expect(before.of('privileged-containers')).toMatchObject({
      verdict: 'fail',
      findings: 1,
      owners: [{ owner: 'payments', findings: 1 }],
    });
    expect(now.of('privileged-containers')).toMatchObject({ verdict: 'pass', findings: 0, owners: [] });
    expect(now.counts).toEqual({ pass: now.requirements.length });
    expect(now.checked).toBe(100);
  });

  it('passes nothing that was not there to be judged', async () => {
    const empty = await framework('pss-baseline', { cluster: bare.id });
    const long = await framework('pss-baseline', { asOf: '2026-11-26T11:00:00Z' });

    for (const { requirements, checked } of [empty, long]) {
      expect(new Set(requirements.map(({ verdict }) => verdict))).toEqual(new Set(['not-checked']));
      expect(requirements[0]?.reason).toMatch(/^Nothing that was read is of a kind/);
      expect(checked).toBe(0);
    }
  });

  it('passes nothing whose controls do not run', async () => {
    const controls = CONTROLS.filter(({ id }) => id !== 'host-pid');
    const { of } = await framework('pss-baseline', { controls });

    expect(of('host-namespaces')).toMatchObject({ verdict: 'not-checked', reason: 'host-pid does not run.' });
    expect(of('privileged-containers')).toMatchObject({ verdict: 'pass' });
  });

  it('passes nothing that reads what is not seen', async () => {
    const { requirements } = await framework('cis-kubernetes-2.0.1');
    const reasons = requirements
      .filter(({ verdict }) => verdict === 'not-checked')
      .map(({ reason }) => reason ?? '');

    expect(
      reasons.some((reason) => /looks at rbac.*ClusterRole, which is not seen in prod/.test(reason)),
    ).toBe(true);
    expect(
      requirements.filter(({ verdict }) => verdict === 'manual').every(({ reason }) => reason !== null),
    ).toBe(true);
  });

  const RULE = 'The rule of host-probe-or-lifecycle-host exists from Kubernetes 1.34 on';
  const node = (kubelet: string): string =>
    `{ apiVersion: v1, kind: Node, metadata: { name: n }, status: { nodeInfo: { kubeletVersion: ${kubelet} } } }`;

  it('as of a moment is judged by the version that ran then, also where kubelets are older', async () => {
    hub.now = NOON;
    hub.version = 'v1.33.9';
    const raised = await hub.cluster('raised', { Pod: 'live', Node: 'live' });
    await raised.show(`${POD}---\n${node('v1.32.5')}`);
    hub.now = ONE;
    hub.version = 'v1.34.0';
    await hub.cluster('raised', { Pod: 'live', Node: 'live' });
    const standing = async (asOf?: Date) => {
      const query = { cluster: raised.id, ...(asOf && { asOf: asOf.toISOString() }) };
      const of = (await framework('pss-baseline', query)).of('host-probes-lifecycle-hooks');
      return [of?.verdict, of?.reason];
    };
    const answers = [await standing(NOON), await standing(ONE), await standing()];
    await deleteCluster(hub.store, raised.id);

    expect(answers).toEqual([
      ['not-applicable', `${RULE}.`],
      ['pass', null],
      ['pass', null],
    ]);
  });

  it('as of a moment of which the version is not known passes by a rule only where the nodes show that it was there', async () => {
    hub.now = NOON;
    const risen = await hub.cluster('risen', { Pod: 'live', Node: 'live' });
    await hub.store.pool.query(`update cluster set versions = '[]' where id = $1`, [risen.id]);
    await risen.show(`${POD}---\n${node('v1.33.5')}`);
    hub.now = ONE;
    await risen.show(node('v1.34.1'));
    const standing = async (asOf?: Date) => {
      const { of } = await framework('pss-baseline', {
        cluster: risen.id,
        ...(asOf && { asOf: asOf.toISOString() }),
      });
      return [of('host-probes-lifecycle-hooks')?.verdict, of('host-probes-lifecycle-hooks')?.reason];
    };
    const answers = [await standing(NOON), await standing(ONE), await standing()];
    await hub.store.pool.query(`update cluster set version = 'v1.33.9' where id = $1`, [risen.id]);
    answers.push(await standing(NOON));
    await deleteCluster(hub.store, risen.id);

    expect(answers).toEqual([
      ['not-checked', `${RULE}, and which version ran at that moment is not known.`],
      ['pass', null],
      ['pass', null],
      ['not-applicable', `${RULE}.`],
    ]);
  });

  it('as of a moment has the errors that have lasted since, and not those of later', async () => {
    const erred = async (since: Date) => {
      await hub.store.pool.query(
        `insert into coverage (cluster_id, code, subject, namespace, kind, reason, since)
         values ($1, 'control-error', 'Pod shop/x, privileged-container', 'shop', 'lost',
           'Pod shop/x: privileged-container failed: it broke.', $2)
         on conflict (cluster_id, code, subject) do update set since = excluded.since`,
        [prod.id, since],
      );
      const { of } = await framework('pss-baseline', { asOf: NOON.toISOString(), namespaces: ['shop'] });
      return of('privileged-containers')?.verdict;
    };

    const then = [await erred(NOON), await erred(ONE)];
    const now = (await framework('pss-baseline', { namespaces: ['shop'] })).of('privileged-containers');
    await hub.store.pool.query(`delete from coverage where code = 'control-error'`);

    expect(then).toEqual(['error', 'pass']);
    expect(now?.verdict).toBe('error');
  });

  it('does not pass where an object that it looks at could not be recorded', async () => {
    await hub.store.pool.query(
      `insert into coverage (cluster_id, code, subject, namespace, kind, reason, since)
       values ($1, 'unrecorded-object', 'Pod shop/x', 'shop', 'lost', 'The database refuses it.', $2)`,
      [prod.id, NOON],
    );
    const found = (await framework('pss-baseline', { namespaces: ['shop'] })).of('privileged-containers');
    await hub.store.pool.query(`delete from coverage where code = 'unrecorded-object'`);

    expect(found?.verdict).toBe('not-checked');
  });

  it('is excepted where everything that was found is accepted', async () => {
    await prod.show(ACCEPTED);
    const { of, counts } = await framework('pss-baseline');

    expect(of('host-ports')).toMatchObject({ verdict: 'excepted', findings: 0 });
    expect(counts['excepted']).toBe(1);
  });

  it('counts for a caller what is in their namespaces', async () => {
    const asOf = NOON.toISOString();
    const shop = await framework('pss-baseline', { asOf, namespaces: ['shop'] });
    const other = await framework('pss-baseline', { asOf, namespaces: ['other'] });

    expect(shop.of('privileged-containers')).toMatchObject({ verdict: 'pass', findings: 0 });
    expect(other.of('privileged-containers')).toMatchObject({ verdict: 'not-checked' });
  });

  it('is not found under a name that it does not have', async () => {
    await expect(framework('pss')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is listed with its counts', async () => {
    const caller = { scope: scopeOf({ clusters: 'all', namespaces: 'all' }) } as unknown as Caller;
    const input = { params: undefined, query: { cluster: undefined }, body: undefined };
    const answer = await frameworkHandlers(hub.store, CONTROLS).listFrameworks(input, {
      caller,
      now: ONE,
    } as RequestContext);
    const { items } = catalogueRoutes.listFrameworks.response.parse(answer);

    expect(items.map(({ id }) => id)).toContain('pss-restricted');
    expect(items.every(({ counts }) => Object.values(counts).reduce((sum, each) => sum + each, 0) > 0)).toBe(
      true,
    );
  });
});
