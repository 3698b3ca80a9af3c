import {
  hash128,
  type JsonObject,
  Judge,
  LiveFindings,
  LiveSubjects,
  Plan,
  type Resource,
  toResource,
  World,
} from '@bulwark/core';
import type { RiskRow } from '@bulwark/store';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Risks } from './risks.ts';

const VERSION = { minor: 37, text: '1.37' };

function object(kind: string, name: string, rest: JsonObject): Resource {
  const apiVersion = ['Deployment', 'ReplicaSet'].includes(kind) ? 'apps/v1' : 'v1';
  const namespace = ['Node', 'PersistentVolume'].includes(kind) ? undefined : 'shop';
  return toResource(
    {
      apiVersion,
      kind,
      ...rest,
      metadata: { name, ...(namespace && { namespace }), ...(rest['metadata'] as JsonObject) },
    },
    { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
  );
}

function pod(isPrivileged: boolean, labels: JsonObject): JsonObject {
  const container = {
    ...{ name: 'a', image: 'x', securityContext: { privileged: isPrivileged } },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  return { metadata: { labels }, spec: { containers: [container], volumes } };
}

const ownedBy = (kind: string, name: string, apiVersion = 'apps/v1'): JsonObject => ({
  metadata: { ownerReferences: [{ apiVersion, kind, name, controller: true }] },
});
const LABELS = { app: 'cart' };

/** Versions of the same few objects, which own and select each other. */
const OBJECTS: readonly Resource[] = [
  ...[true, false].flatMap((isPrivileged) => [
    object('Deployment', 'cart', { spec: { template: pod(isPrivileged, LABELS) } }),
    object('ReplicaSet', 'cart-1', {
      ...ownedBy('Deployment', 'cart'),
      spec: { template: pod(isPrivileged, LABELS) },
    }),
    object('Pod', 'cart-1-x', { ...pod(isPrivileged, LABELS), ...ownedBy('ReplicaSet', 'cart-1') }),
    object('Pod', 'alone', pod(isPrivileged, LABELS)),
  ]),
  ...['ClusterIP', 'NodePort'].map((type) => object('Service', 'cart', { spec: { type, selector: LABELS } })),
  ...['10.0.0.1', '203.0.113.7'].map((address) =>
    object('Node', 'n', { status: { addresses: [{ type: 'ExternalIP', address }] } }),
  ),
  ...['/', '/srv/data'].map((path) => object('PersistentVolume', 'v', { spec: { local: { path } } })),
  ...['v', 'pvc-1'].map((volumeName) => object('PersistentVolumeClaim', 'data', { spec: { volumeName } })),
];
const BATCHES = fc.array(
  fc.record({ upsert: fc.subarray([...OBJECTS]), remove: fc.subarray([...OBJECTS].map(({ id }) => id)) }),
  { maxLength: 8 },
);

function start(resources: Iterable<Resource>, unseen: ReadonlySet<string> = new Set()) {
  const { world } = World.of(resources);
  const findings = new LiveFindings(world, new Judge(world, new Plan([]), VERSION));
  const risks = new Risks(
    world,
    (id) => findings.ownerKeyOf(id),
    ({ kind }) => !unseen.has(kind),
  );
  return { world, findings, risks };
}

it('changes of risks add up to what they are when everything is looked at anew', () => {
  fc.assert(
    fc.property(BATCHES, (batches) => {
      const { world, findings, risks } = start([]);
      const told = new Map<string, string>();
      for (const { upsert, remove } of batches) {
        const last = new Map(upsert.map((each) => [each.id, each]));
        const gone = remove.filter((id) => !last.has(id));
        const { delta } = findings.apply({ upsert: [...last.values()], remove: gone });
        const { risks: changed, riskless } = risks.apply(delta);
        for (const { kind, namespace, name } of riskless)
          expect(told.delete(`${kind}|${namespace}|${name}`)).toBe(true);
        for (const { kind, namespace, name, digest } of changed)
          told.set(`${kind}|${namespace}|${name}`, digest);
      }
      const anew = start(world.resources());
      const all = anew.risks.apply({ kinds: new Set(['Service']) }).risks;

      expect([...told].map(([id, digest]) => `${id} ${digest}`).sort()).toEqual(
        all.map(({ kind, namespace, name, digest }) => `${kind}|${namespace}|${name} ${digest}`).sort(),
      );
    }),
    { numRuns: 500 },
  );
});

it('tells nothing of what is stored already, and what is stored and not there any more', () => {
  const first = start(OBJECTS.slice(0, 1));
  const { risks } = first.risks.apply({ kinds: new Set(['Service']) });
  const again = start(OBJECTS.slice(0, 1));
  const gone = { kind: 'apps/Deployment', namespace: 'shop', name: 'gone' };
  again.risks.remember([...risks, { ...gone, digest: '' }]);

  expect(risks).toHaveLength(1);
  expect(again.risks.apply({ kinds: new Set(['Service']) })).toEqual({
    risks: [],
    riskless: [gone],
    redigested: [],
  });
});

it('tells nothing anew of what an earlier version stored, whose digests are others, but the digests', () => {
  const objects = OBJECTS.slice(0, 1);
  const { risks } = start(objects).risks.apply({ kinds: new Set(['Service']) });
  const [{ points, reach, reasons, digest, ...key }] = risks as [RiskRow];
  const former = hash128(JSON.stringify({ points, reach, reasons }));
  const again = start(objects);
  again.risks.remember([{ ...key, digest: former }]);

  expect(again.risks.apply({ kinds: new Set(['Service']) })).toEqual({
    risks: [],
    riskless: [],
    redigested: [{ former, digest }],
  });
});

it('tells that a workload of before is not there any more when its kind is seen, and once', () => {
  const unseen = new Set(['apps/Deployment']);
  const { risks } = start([], unseen);
  const gone = { kind: 'apps/Deployment', namespace: 'shop', name: 'gone' };
  risks.remember([{ ...gone, digest: '' }]);
  const look = () => risks.apply({ kinds: new Set() }).riskless;

  expect(look()).toEqual([]);
  unseen.clear();
  expect(look()).toEqual([gone]);
  expect(look()).toEqual([]);
});

it('tells the risk of pods whose controller is not collected by the name of their findings, of the worst of them', () => {
  const [calm, privileged] = [false, true].map((isPrivileged) =>
    object('Pod', isPrivileged ? 'pg-1' : 'pg-2', {
      ...pod(isPrivileged, LABELS),
      ...ownedBy('Cluster', 'pg', 'postgresql.cnpg.io/v1'),
    }),
  );
  const key = { kind: 'postgresql.cnpg.io/Cluster', namespace: 'shop', name: 'pg' };
  const { findings, risks } = start([]);
  // As it was told before, by the kind of the controller.
  const wrong = { kind: 'Pod', namespace: 'shop', name: 'postgresql.cnpg.io/Cluster' };
  risks.remember([{ ...wrong, digest: '' }]);
  const subjects = new LiveSubjects(({ name }) => name);
  const see = (...upsert: (Resource | undefined)[]) =>
    risks.apply(
      findings.apply(subjects.apply({ upsert: upsert.filter((each) => each !== undefined) })).delta,
    );

  const first = see(calm);
  expect(first).toMatchObject({ risks: [key], riskless: [wrong] });
  const [worst] = see(privileged).risks;
  expect(worst).toMatchObject(key);
  expect(worst?.points).toBeGreaterThan(first.risks[0]?.points ?? 0);
});
