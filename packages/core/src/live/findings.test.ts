import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containers, defineControl, everything, kinds } from '../control.ts';
import type { Finding } from '../finding.ts';
import { safe } from '../fix.ts';
import { type JsonObject, objectAt, stringAt } from '../json.ts';
import { Judge } from '../judge.ts';
import { Plan } from '../plan.ts';
import { type Resource, toResource } from '../resource.ts';
import { ANY_WORKLOAD, World } from '../world.ts';
import { LiveFindings } from './findings.ts';
import { LiveSubjects } from './subjects.ts';

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

const PLAN = new Plan([
  defineControl({
    ...TEXT,
    id: 'image',
    appliesTo: containers,
    looks: 'object',
    reads: [],
    *evaluate({ container, at }) {
      if (container.spec['image'] === 'bad') yield at('image');
    },
    fix: {
      ...safe(''),
      edits: ({ path }, { object }) =>
        stringAt(object, 'status', 'phase') === 'Running' ? [{ op: 'set', path, value: 'good' }] : [],
    },
  }),
  defineControl({
    ...TEXT,
    id: 'neighbours',
    appliesTo: kinds('ConfigMap'),
    looks: 'namespace',
    reads: ['Pod'],
    *evaluate({ resource, world, at }) {
      const value = world.inNamespace('Pod', resource.namespace).length;
      if (value > 0) yield at('metadata.name', { value });
    },
  }),
  defineControl({
    ...TEXT,
    id: 'named-c',
    appliesTo: everything,
    looks: 'object',
    reads: [],
    *evaluate({ resource, at }) {
      if (resource.name === 'c') yield at('metadata.name');
    },
  }),
]);

interface Spec {
  readonly kind: 'Pod' | 'ReplicaSet' | 'Deployment' | 'ConfigMap' | 'Op';
  readonly name: string;
  readonly owner: string;
  readonly image: string;
  readonly phase: string;
  /** Whether its owner is an Op. */
  readonly isOperated?: boolean;
}

const OWNER_KIND = {
  Pod: 'ReplicaSet',
  ReplicaSet: 'Deployment',
  Deployment: 'App',
  ConfigMap: 'App',
  Op: 'Op',
} as const;
const OPERATOR = 'op.example.com/v1';

/** An Op is an operator's: it may have a template, and what has one of its names below it may be it. */
function toObject({ kind, name, owner, image, phase, isOperated = false }: Spec): Resource {
  const spec = { containers: [{ name: 'app', image }] };
  const isPod = kind === 'Pod';
  const ownerReferences =
    owner === 'none'
      ? []
      : isOperated || kind === 'Op'
        ? [{ apiVersion: OPERATOR, kind: 'Op', name: owner, controller: true }]
        : [{ apiVersion: 'apps/v1', kind: OWNER_KIND[kind], name: owner, controller: true }];
  const hasTemplate = kind === 'Op' ? phase === 'Running' : kind !== 'ConfigMap';
  const object = {
    apiVersion: isPod || kind === 'ConfigMap' ? 'v1' : kind === 'Op' ? OPERATOR : 'apps/v1',
    kind,
    metadata: { name, namespace: 'x', ownerReferences },
    ...(isPod ? { spec, status: { phase } } : hasTemplate ? { spec: { template: { spec } } } : {}),
  };
  return toResource(object as unknown as JsonObject, { kind: 'cluster', cluster: 'c', resourceVersion: '1' });
}

const SPEC: fc.Arbitrary<Spec> = fc.record({
  kind: fc.constantFrom('Pod', 'ReplicaSet', 'Deployment', 'ConfigMap', 'Op'),
  name: fc.constantFrom('a', 'b', 'c'),
  owner: fc.constantFrom('none', 'a', 'b'),
  image: fc.constantFrom('good', 'bad'),
  phase: fc.constantFrom('Running', 'Pending', 'Succeeded'),
  isOperated: fc.boolean(),
});
const BATCHES = fc.array(fc.array(fc.tuple(SPEC, fc.boolean()), { maxLength: 5 }), { maxLength: 8 });

/** Everything that has pods and is no pod, with what they run. */
function workloadsOf(world: World): string[] {
  return world
    .list(ANY_WORKLOAD)
    .filter(({ groupKind }) => groupKind !== 'Pod')
    .map(({ id, seenInPods, workloads }) => JSON.stringify([id, seenInPods, workloads]))
    .sort();
}

function contentOf({ object }: Resource): string {
  return JSON.stringify([object['spec'], object['status']]);
}

function changesOf(batch: readonly (readonly [Spec, boolean])[]): { upsert: Resource[]; remove: string[] } {
  const remove = new Set(batch.filter(([, isGone]) => isGone).map(([each]) => toObject(each).id));
  const upsert = new Map(batch.map(([each]) => [toObject(each).id, toObject(each)]));
  for (const id of remove) upsert.delete(id);
  return { upsert: [...upsert.values()], remove: [...remove] };
}

/** All that is told of a finding. */
function said({ fingerprint, ...finding }: Finding): string {
  const { message, severity, path, isFixable, causes, resource } = finding;
  return JSON.stringify([fingerprint, message, severity, path, isFixable, causes, resource.apiVersion]);
}

describe('the findings of a live cluster', () => {
  it('are those of judging everything anew, and their changes add up to them', () => {
    fc.assert(
      fc.property(BATCHES, (batches) => {
        const { world } = World.of([]);
        const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
        const told = new Map<string, string>();
        for (const batch of batches) {
          const { opened, changed, resolved } = live.apply(changesOf(batch));
          for (const { fingerprint } of resolved) expect(told.delete(fingerprint)).toBe(true);
          for (const finding of changed) {
            expect(told.has(finding.fingerprint)).toBe(true);
            told.set(finding.fingerprint, said(finding));
          }
          for (const finding of opened) {
            expect(told.has(finding.fingerprint)).toBe(false);
            told.set(finding.fingerprint, said(finding));
          }
        }
        const again = World.of(world.resources()).world;
        const anew = new LiveFindings(again, new Judge(again, PLAN, VERSION));

        const now = [...live.all()].map(said).sort();
        expect(now).toEqual([...anew.all()].map(said).sort());
        expect([...told.values()].sort()).toEqual(now);
        const fingerprints = new Set(
          new Judge(again, PLAN, VERSION).findings().map((each) => each.fingerprint),
        );
        expect(new Set(told.keys())).toEqual(fingerprints);
        expect(live.size).toBe(told.size);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what of a live cluster is judged', () => {
  it('does not depend on the way by which the cluster came to what it is', () => {
    fc.assert(
      fc.property(BATCHES, (batches) => {
        const subjects = new LiveSubjects(contentOf);
        const { world } = World.of([]);
        const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
        const cluster = new Map<string, Resource>();
        for (const batch of batches) {
          const { upsert, remove } = changesOf(batch);
          for (const id of remove) cluster.delete(id);
          for (const resource of upsert) cluster.set(resource.id, resource);
          live.apply(subjects.apply({ upsert, remove }));
        }
        const again = World.of([]).world;
        const anew = new LiveFindings(again, new Judge(again, PLAN, VERSION));
        anew.apply(new LiveSubjects(contentOf).apply({ upsert: [...cluster.values()] }));

        const fingerprints = (of: LiveFindings): string[] =>
          [...of.all()].map((each) => each.fingerprint).sort();
        expect(fingerprints(live)).toEqual(fingerprints(anew));
        expect(workloadsOf(world)).toEqual(workloadsOf(again));
      }),
      { numRuns: 500 },
    );
  });

  it('is told once each, and its end when nothing shows it any more', () => {
    fc.assert(
      fc.property(BATCHES, (batches) => {
        const subjects = new LiveSubjects(contentOf);
        const { world } = World.of([]);
        const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
        const told = new Set<string>();
        for (const batch of batches) {
          const { opened, resolved } = live.apply(subjects.apply(changesOf(batch)));
          for (const { fingerprint } of resolved) expect(told.delete(fingerprint)).toBe(true);
          for (const { fingerprint } of opened) {
            expect(told.has(fingerprint)).toBe(false);
            told.add(fingerprint);
          }
        }

        expect([...live.all()].map(({ fingerprint }) => fingerprint).sort()).toEqual([...told].sort());
      }),
      { numRuns: 500 },
    );
  });

  const deployment: Spec = { kind: 'Deployment', name: 'a', owner: 'none', image: 'good', phase: '' };
  const replicaSet: Spec = { kind: 'ReplicaSet', name: 'a', owner: 'a', image: 'good', phase: '' };
  const pod: Spec = { kind: 'Pod', name: 'a', owner: 'a', image: 'good', phase: 'Running' };

  it.each<{ readonly what: string; readonly specs: readonly Spec[]; readonly found: readonly string[] }>([
    { what: 'a template as it should be', specs: [deployment, replicaSet, pod], found: [] },
    {
      what: 'an old replica set',
      specs: [deployment, { ...replicaSet, name: 'b', image: 'bad' }],
      found: [],
    },
    {
      what: 'a replica set whose owner is not there',
      specs: [{ ...replicaSet, image: 'bad' }],
      found: ['image ReplicaSet/a'],
    },
    {
      what: 'a pod that was changed on its way in',
      specs: [deployment, replicaSet, pod, { ...pod, name: 'b', image: 'bad' }],
      found: ['image Deployment/a'],
    },
    {
      what: 'a pod that has what its template has',
      specs: [{ ...deployment, image: 'bad' }, replicaSet, { ...pod, image: 'bad' }],
      found: ['image Deployment/a'],
    },
    { what: 'a pod of its own', specs: [{ ...pod, owner: 'none', image: 'bad' }], found: ['image Pod/a'] },
    {
      what: 'pods of a controller that is not there',
      specs: [{ ...pod, image: 'bad' }],
      found: ['image Pod/a*'],
    },
    {
      what: 'such pods that differ, once',
      specs: [
        { ...pod, image: 'bad' },
        { ...pod, name: 'b' },
        { ...pod, name: 'c', image: 'bad', phase: 'Pending' },
      ],
      found: ['image Pod/a*'],
    },
    {
      what: 'a pod that has ended',
      specs: [{ ...pod, owner: 'none', image: 'bad', phase: 'Succeeded' }],
      found: [],
    },
  ])('finds in $what: $found', ({ specs, found }) => {
    const { world } = World.of([]);
    const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
    live.apply(new LiveSubjects(contentOf).apply({ upsert: specs.map(toObject) }));

    expect(
      [...live.all()].map(({ control, resource }) => `${control} ${resource.kind}/${resource.name}`),
    ).toEqual(found);
  });

  const template = { spec: { containers: [{ name: 'app', image: 'bad' }] } };
  const owner = (
    apiVersion: string,
    kind: string,
    name: string,
    more: JsonObject = { controller: true },
  ) => ({
    ownerReferences: [{ apiVersion, kind, name, ...more }],
  });
  const object = (apiVersion: string, kind: string, name: string, more: JsonObject): Resource => {
    const { ownerReferences = [], ...rest } = more;
    const metadata = { name, namespace: 'x', ownerReferences };
    return toResource(
      { apiVersion, kind, metadata, ...rest },
      { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
    );
  };
  const kafka = object('kafka.example.com/v1', 'Kafka', 'main', {});
  const map = object('v1', 'ConfigMap', 'm', {});
  const rollout = object('argoproj.io/v1alpha1', 'Rollout', 'a', { spec: { template } });
  const borrowing = object('argoproj.io/v1alpha1', 'Rollout', 'a', {
    spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  });
  const setOfRollout = (name: string, replicas: number) =>
    object('apps/v1', 'ReplicaSet', name, {
      ...owner('argoproj.io/v1alpha1', 'Rollout', 'a'),
      spec: { replicas, template },
    });
  const statefulSet = object('apps/v1', 'StatefulSet', 's', {
    ...owner('kafka.example.com/v1', 'Kafka', 'main'),
    spec: { template },
  });
  const cronJob = (more: JsonObject) =>
    object('batch/v1', 'CronJob', 'j', { ...more, spec: { jobTemplate: { spec: { template } } } });

  /** What is found, and the same in a live cluster as in manifests, in whichever order objects come. */
  it.each<[string, readonly Resource[], readonly string[]]>([
    ['a StatefulSet of an operator', [kafka, statefulSet], ['StatefulSet/s']],
    ['one whose operator is not collected', [statefulSet], ['StatefulSet/s']],
    [
      'a pod of one',
      [
        kafka,
        statefulSet,
        object('v1', 'Pod', 's-0', { ...owner('apps/v1', 'StatefulSet', 's'), ...template }),
      ],
      ['StatefulSet/s'],
    ],
    [
      'a Deployment of a Gateway, which does not control it',
      [
        object('gateway.networking.k8s.io/v1', 'Gateway', 'g', {}),
        object('apps/v1', 'Deployment', 'd', {
          ...owner('gateway.networking.k8s.io/v1', 'Gateway', 'g', {}),
          spec: { template },
        }),
      ],
      ['Deployment/d'],
    ],
    ['a CronJob that names something', [map, cronJob(owner('v1', 'ConfigMap', 'm', {}))], ['CronJob/j']],
    ['one that says that this controls it', [map, cronJob(owner('v1', 'ConfigMap', 'm'))], ['CronJob/j']],
    [
      'a pod that says so too',
      [
        object('v1', 'Secret', 'm', {}),
        object('v1', 'Pod', 'p', { ...owner('v1', 'Secret', 'm'), ...template }),
      ],
      ['Pod/p'],
    ],
    [
      'one that hides behind a Deployment',
      [
        object('apps/v1', 'Deployment', 'd', { spec: { template } }),
        cronJob(owner('apps/v1', 'Deployment', 'd')),
      ],
      ['CronJob/j', 'Deployment/d'],
    ],
    [
      'the ReplicaSet of a Rollout',
      [
        rollout,
        object('apps/v1', 'ReplicaSet', 'r', {
          ...owner('argoproj.io/v1alpha1', 'Rollout', 'a'),
          spec: { template },
        }),
      ],
      ['Rollout/a'],
    ],
    [
      'the ReplicaSets of a Rollout that has the template of a Deployment',
      [
        borrowing,
        object('apps/v1', 'Deployment', 'd', { spec: { replicas: 0, template } }),
        ...[setOfRollout('r', 2), setOfRollout('s', 0)],
        object('v1', 'Pod', 'p', { ...owner('apps/v1', 'ReplicaSet', 'r'), ...template }),
      ],
      ['Deployment/d'],
    ],
    [
      'what an operator makes again and again of a template that is as it should be',
      [
        object('argoproj.io/v1alpha1', 'Rollout', 'a', {
          spec: { template: { spec: { containers: [{ name: 'app', image: 'good' }] } } },
        }),
        cronJob(owner('argoproj.io/v1alpha1', 'Rollout', 'a')),
      ],
      ['Rollout/a'],
    ],
    [
      'the Job of a CronJob',
      [
        cronJob({}),
        object('batch/v1', 'Job', 'j-1', { ...owner('batch/v1', 'CronJob', 'j'), spec: { template } }),
      ],
      ['CronJob/j'],
    ],
    [
      'what is in a circle',
      ['a', 'b'].map((name) =>
        object('argoproj.io/v1alpha1', 'Rollout', name, {
          ...owner('argoproj.io/v1alpha1', 'Rollout', name === 'a' ? 'b' : 'a'),
          spec: { template },
        }),
      ),
      ['Rollout/a', 'Rollout/b'],
    ],
  ])('finds %s as in manifests', (_what, objects, found) => {
    const named = (of: Iterable<{ resource: { kind: string; name: string } }>) =>
      [...of].map(({ resource }) => `${resource.kind}/${resource.name}`).sort();
    const { world: manifests } = World.of(objects);
    expect(named(new Judge(manifests, PLAN, VERSION).findings())).toEqual(found);

    for (const order of [objects, [...objects].reverse()]) {
      const { world } = World.of([]);
      const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
      const subjects = new LiveSubjects(contentOf);
      for (const each of order) live.apply(subjects.apply({ upsert: [each] }));
      expect(named(live.all())).toEqual(found);
    }
  });

  it('finds nothing in versions of before, where the template that they are of is not there', () => {
    const { world } = World.of([]);
    const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
    const subjects = new LiveSubjects(contentOf);
    const found = (...upsert: Resource[]) => {
      live.apply(subjects.apply({ upsert }));
      return [...live.all()].map(({ resource }) => `${resource.kind}/${resource.name}`).sort();
    };

    expect(found(borrowing, setOfRollout('old', 0), setOfRollout('new', 2))).toEqual(['ReplicaSet/new']);
    expect(found(setOfRollout('old', 2), setOfRollout('new', 0))).toEqual(['ReplicaSet/old']);
    expect(found(object('apps/v1', 'Deployment', 'd', { spec: { replicas: 0, template } }))).toEqual([
      'Deployment/d',
    ]);
  });

  it('is a finding about those pods of a controller that is not there which show it', () => {
    const { world } = World.of([]);
    const live = new LiveFindings(world, new Judge(world, PLAN, VERSION));
    const named = ({ name, object }: Resource): string => `${name} ${contentOf({ object } as Resource)}`;
    const pods = [pod, { ...pod, name: 'b', image: 'bad' }].map(toObject);
    live.apply(new LiveSubjects(contentOf).apply({ upsert: pods }));

    const [finding, ...others] = live.all();
    expect(others).toEqual([]);
    expect(live.named('Pod|x|a*').map(named).sort()).toEqual(
      pods.map(({ object }) => named({ name: 'a*', object } as Resource)).sort(),
    );
    expect(finding && live.subjectsOf(finding).map(({ object }) => object)).toEqual([pods[1]?.object]);
  });

  it('is one pod of those that are alike', () => {
    const subjects = new LiveSubjects(contentOf);
    const pods = ['a', 'b', 'c'].map((name) => toObject({ ...pod, name }));

    const first = subjects.apply({ upsert: pods });
    const second = subjects.apply({ upsert: [], remove: pods.slice(0, 2).map(({ id }) => id) });
    const third = subjects.apply({ upsert: [], remove: pods.map(({ id }) => id) });

    expect(first.upsert.map(({ name }) => name)).toEqual(['a*']);
    expect(second).toEqual({ upsert: [], remove: [] });
    expect(third.remove).toEqual(first.upsert.map(({ id }) => id));
  });

  it('is one of those that say the same about exceptions, whatever else is noted in them, and another one when that changes', () => {
    const subjects = new LiveSubjects(contentOf);
    const saying = (name: string, annotations: JsonObject): Resource => {
      const { object, origin } = toObject({ ...pod, name });
      return toResource({ ...object, metadata: { ...objectAt(object, 'metadata'), annotations } }, origin);
    };
    const key = 'bulwark.dev/except.image';
    const told = (changes: ReturnType<LiveSubjects['apply']>): unknown[] => [
      changes.upsert.map(({ object }) => stringAt(object, 'metadata', 'annotations', key)),
      changes.remove?.length,
    ];

    const first = subjects.apply({
      upsert: [
        saying('a', { [key]: 'Why; owner=x' }),
        saying('b', { note: 'mine', [key]: 'Why; owner=x' }),
        saying('c', { [key]: 'Why; owner=y' }),
      ],
    });
    const second = subjects.apply({ upsert: [saying('c', { [key]: 'Why; owner=z' })] });

    expect(told(first)).toEqual([['Why; owner=x', 'Why; owner=y'], 0]);
    expect(told(second)).toEqual([['Why; owner=z'], 1]);
  });
});
