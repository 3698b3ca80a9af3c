import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Control, containers, defineControl, everything, kinds, workloads } from './control.ts';
import type { Finding } from './finding.ts';
import { Judge } from './judge.ts';
import { Plan } from './plan.ts';
import { type Resource, toResource } from './resource.ts';
import { type Analysis, labelsOf, World } from './world.ts';

const TEXT = {
  aliases: [],
  title: 'A title',
  problem: 'do something',
  message: '{resource} {value}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
} as const;
const VERSION = { minor: 37, text: '1.37' };

const podsPerNamespace: Analysis<ReadonlyMap<string, number>> = {
  id: 'pods-per-namespace',
  reads: ['Pod'],
  compute: (world) =>
    new Map(world.namespaces().map((name) => [name, world.inNamespace('Pod', name).length])),
};

const CONTROLS: readonly Control[] = [
  defineControl({
    ...TEXT,
    id: 'own-object',
    appliesTo: workloads,
    looks: 'object',
    reads: [],
    *evaluate({ spec, at }) {
      if (spec['hostPID'] === true) yield at('hostPID');
    },
  }),
  defineControl({
    ...TEXT,
    id: 'own-namespace',
    appliesTo: containers,
    looks: 'namespace',
    reads: ['ConfigMap', 'Namespace'],
    *evaluate({ resource, world, at }) {
      const count = world.inNamespace('ConfigMap', resource.namespace).length;
      const label = world.namespaceLabels(resource.namespace)['level'] ?? 'none';
      if (count !== 1 || label === 'bad') yield at('name', { value: `${count} ${label}` });
    },
  }),
  defineControl({
    ...TEXT,
    id: 'whole-world',
    appliesTo: kinds('ConfigMap'),
    looks: 'world',
    reads: [podsPerNamespace],
    *evaluate({ resource, world, at }) {
      const pods = world.get(podsPerNamespace).get(resource.namespace) ?? 0;
      if (pods > 0) yield at('metadata.name', { value: pods });
    },
  }),
  defineControl({
    ...TEXT,
    id: 'labels',
    appliesTo: everything,
    looks: 'object',
    reads: [],
    *evaluate({ resource, at }) {
      const metadata = resource.object['metadata'];
      if (labelsOf(metadata as never)['level'] === 'bad') yield at('metadata.labels');
    },
  }),
];

interface Spec {
  readonly kind: 'Pod' | 'ConfigMap' | 'Namespace' | 'Deployment';
  readonly namespace: string;
  readonly name: string;
  readonly hostPID: boolean;
  readonly level: string;
  readonly owned: boolean;
}

function toObject({ kind, namespace, name, hostPID, level, owned }: Spec): Resource {
  const spec = { hostPID, containers: [{ name: 'app' }] };
  const ownerReferences = owned
    ? [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', controller: true }]
    : undefined;
  const metadata = {
    name: kind === 'Namespace' ? namespace : name,
    namespace,
    labels: { level },
    ownerReferences,
  };
  const body = kind === 'Deployment' ? { spec: { template: { spec } } } : { spec };
  const object = { apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, metadata, ...body };
  return toResource(object as never, { kind: 'cluster', cluster: 'c', resourceVersion: '1' });
}

const spec: fc.Arbitrary<Spec> = fc.record({
  kind: fc.constantFrom('Pod', 'ConfigMap', 'Namespace', 'Deployment'),
  namespace: fc.constantFrom('x', 'y'),
  name: fc.constantFrom('a', 'b', 'c'),
  hostPID: fc.boolean(),
  level: fc.constantFrom('good', 'bad'),
  owned: fc.boolean(),
});

function rendered(findings: readonly Finding[]): string[] {
  return findings.map(({ fingerprint, message, path }) => `${fingerprint} ${message} ${path}`).sort();
}

function verdicts(judge: Judge): string[] {
  return [...judge.all()]
    .map(({ resource, control, outcome }) => `${resource.id} ${control.id} ${outcome.verdict}`)
    .sort();
}

describe('judging incrementally', () => {
  it('gives the same verdicts and findings as judging everything anew', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(spec, fc.boolean()), { maxLength: 4 }), { maxLength: 6 }),
        (batches) => {
          const { world } = World.of([]);
          const judge = new Judge(world, new Plan(CONTROLS), VERSION);
          for (const batch of batches) {
            const removed = new Set(batch.filter(([, remove]) => remove).map(([each]) => toObject(each).id));
            const upsert = batch.map(([each]) => toObject(each)).filter(({ id }) => !removed.has(id));
            judge.apply({ upsert, remove: [...removed] });
          }

          const anew = new Judge(World.of(world.resources()).world, new Plan(CONTROLS), VERSION);
          expect(verdicts(judge)).toEqual(verdicts(anew));
          expect(rendered(judge.findings())).toEqual(rendered(anew.findings()));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('judges again only what a change can touch', () => {
    const base = {
      kind: 'Pod',
      namespace: 'x',
      name: 'a',
      hostPID: false,
      level: 'good',
      owned: false,
    } as const;
    const pods = ['a', 'b', 'c'].map((name) => toObject({ ...base, name }));
    const elsewhere = ['a', 'b'].map((name) => toObject({ ...base, name, namespace: 'y' }));
    const judge = new Judge(World.of([...pods, ...elsewhere]).world, new Plan(CONTROLS), VERSION);

    const configMap = toObject({ ...base, kind: 'ConfigMap' });
    const first = judge.apply({ upsert: [configMap] });
    const second = judge.apply({ upsert: [toObject({ ...base, hostPID: true })] });

    // The ConfigMap itself by two controls, and the three pods of its namespace by the one that reads ConfigMaps.
    expect(first.evaluated).toBe(2 + 3);
    // The pod itself by three controls, and the ConfigMap by the one that reads pods.
    expect(second.evaluated).toBe(3 + 1);
  });
});
