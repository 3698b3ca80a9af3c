import { describe, expect, it } from 'vitest';
import { containers, defineControl, everything } from '../control.ts';
import { safe } from '../fix.ts';
import type { Json, JsonObject } from '../json.ts';
import { Judge } from '../judge.ts';
import { Plan } from '../plan.ts';
import { type Resource, toResource, withoutSeenPods, withSeenPods } from '../resource.ts';
import { contentHash, securityContent } from '../security-content/security-content.ts';
import { World } from '../world.ts';
import { LiveFindings } from './findings.ts';
import { LiveSubjects } from './subjects.ts';

const TEXT = {
  aliases: [],
  title: 'A title',
  problem: 'do something',
  message: '{resource} is bad.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
  looks: 'object',
  reads: [],
} as const;
const PLAN = new Plan([
  defineControl({
    ...TEXT,
    id: 'image',
    appliesTo: containers,
    *evaluate({ container, at }) {
      if (container.spec['image'] === 'bad') yield at('image');
    },
    fix: { ...safe(''), edits: ({ path }) => [{ op: 'set', path, value: 'good' }] },
  }),
  defineControl({
    ...TEXT,
    id: 'named-bad',
    appliesTo: everything,
    *evaluate({ resource, at }) {
      if (resource.name === 'bad') yield at('metadata.name');
    },
  }),
]);

interface Of {
  readonly kind?: string;
  readonly owner?: string;
  readonly metadata?: JsonObject;
  readonly [field: string]: Json | undefined;
}

/** An object of an operator, a pod or a Job; its owner as `Kind/name`. */
function object(name: string, { kind = 'Op', owner, metadata = {}, ...fields }: Of = {}): Resource {
  const apiOf = (of: string): string =>
    ({ Pod: 'v1', Job: 'batch/v1', ReplicaSet: 'apps/v1', TaskRun: 'tekton.dev/v1' })[of] ??
    'op.example.com/v1';
  const [ownerKind = '', ownerName = ''] = owner?.split('/') ?? [];
  const ownerReferences =
    owner === undefined
      ? []
      : [{ apiVersion: apiOf(ownerKind), kind: ownerKind, name: ownerName, controller: true }];
  return toResource(
    {
      apiVersion: apiOf(kind),
      kind,
      metadata: { name, namespace: 'x', ownerReferences, ...metadata },
      ...fields,
    },
    { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
  );
}

const spec = (image: string, more: JsonObject = {}): JsonObject => ({
  containers: [{ name: 'app', image, ...more }],
});

function pod(name: string, image = 'bad', more: Of = {}): Resource {
  return object(name, { kind: 'Pod', owner: 'Op/kafka', spec: spec(image), ...more });
}

const OP = object('kafka');
const WITH_TEMPLATE = object('kafka', { spec: { template: { spec: spec('good') } } });

/** What is judged of a cluster, and what is found. */
class Cluster {
  readonly world = World.of([]).world;
  readonly live = new LiveFindings(this.world, new Judge(this.world, PLAN, { minor: 37, text: '1.37' }));
  private readonly subjects = new LiveSubjects(({ object: of }) => contentHash(securityContent(of).body));

  apply(upsert: readonly Resource[], remove: readonly Resource[] = []) {
    return this.live.apply(this.subjects.apply({ upsert, remove: remove.map(({ id }) => id) }));
  }

  get found(): readonly string[] {
    return [...this.live.all()]
      .map(({ control, resource: { kind, name } }) => `${control} ${kind}/${name}`)
      .sort();
  }

  named(name: string, kind = 'op.example.com/Op'): Resource | undefined {
    return this.world.find(kind, 'x', name);
  }
}

function clusterOf(...objects: readonly Resource[]): Cluster {
  const cluster = new Cluster();
  cluster.apply(objects);
  return cluster;
}

describe('pods of a controller without a template', () => {
  it.each<[string, readonly Resource[], readonly string[]]>([
    ['that is not seen', [pod('kafka-0'), pod('kafka-1')], ['image Op/kafka']],
    ['that is seen', [OP, pod('kafka-0')], ['image Op/kafka']],
    ['of which one is otherwise', [pod('kafka-0', 'good'), pod('kafka-1')], ['image Op/kafka']],
    [
      'whose owner has none either',
      [object('kafka', { owner: 'Op/top' }), object('top'), pod('kafka-0')],
      ['image Op/kafka'],
    ],
    ['are those of its template where it has one', [WITH_TEMPLATE, pod('kafka-0')], ['image Op/kafka']],
    [
      'are those of what controls that and has one',
      [
        object('kafka', { owner: 'Op/top' }),
        object('top', { spec: { template: { spec: spec('good') } } }),
        pod('kafka-0'),
      ],
      ['image Op/top'],
    ],
    ['of Kubernetes itself', [pod('r-0', 'bad', { owner: 'ReplicaSet/r' })], ['image Pod/r*']],
    [
      'of Tekton',
      [
        pod('t-pod', 'bad', { owner: 'TaskRun/t' }),
        object('t', { kind: 'TaskRun', spec: { taskRef: { name: 'build' } } }),
      ],
      ['image TaskRun/t'],
    ],
    ['that have ended', [OP, pod('kafka-0', 'bad', { status: { phase: 'Failed' } })], []],
    [
      'that makes a Job, too, which is its own',
      [
        OP,
        pod('kafka-0', 'good'),
        object('setup', { kind: 'Job', owner: 'Op/kafka', spec: { template: { spec: spec('bad') } } }),
      ],
      ['image Job/setup'],
    ],
    ['are judged, and not what is made of them', [pod('bad-0', 'good', { owner: 'Op/bad' })], []],
    [
      'leave it to be judged for itself',
      [object('bad'), pod('bad-0', 'bad', { owner: 'Op/bad' })],
      ['image Op/bad', 'named-bad Op/bad'],
    ],
  ])('%s', (_what, objects, found) => {
    for (const order of [objects, [...objects].reverse()]) {
      const cluster = new Cluster();
      for (const each of order) cluster.apply([each]);
      expect(cluster.found).toEqual(found);
    }
    expect(clusterOf(...objects).found).toEqual(found);
  });

  it('are told by the name of the controller, and no edit of it is known to mend them', () => {
    const [finding] = clusterOf(OP, pod('kafka-0')).live.all();

    expect(finding).toMatchObject({ message: 'Op/kafka is bad.', workload: 'Op/kafka', isFixable: false });
  });

  it('have the same findings when it comes and when it goes before them: nothing opens, and nothing ends', () => {
    const cluster = clusterOf(pod('kafka-0'));
    const steps = [
      () => cluster.apply([OP]),
      () => cluster.apply([], [OP]),
      () => cluster.apply([OP, pod('kafka-1')]),
    ];
    for (const step of steps) expect(step()).toMatchObject({ opened: [], resolved: [], changed: [] });

    expect(cluster.apply([], [OP, pod('kafka-0'), pod('kafka-1')]).resolved).toHaveLength(1);
    expect([...cluster.world.resources()]).toEqual([]);
  });

  it('are what a finding is about, those of them that show it', () => {
    const { live } = clusterOf(OP, pod('kafka-0', 'good'), pod('kafka-1'));
    const [finding] = live.all();

    expect(finding && live.subjectsOf(finding).map(({ object: { spec: of } }) => of)).toEqual([spec('bad')]);
    expect(live.named('op.example.com/Op|x|kafka').map(({ kind }) => kind)).toEqual(['Op', 'Pod', 'Pod']);
  });
});

describe('a workload that is seen in its pods', () => {
  it('has one template of each content, whichever pod they come from', () => {
    const cluster = clusterOf(pod('kafka-0', 'a'), pod('kafka-1', 'b'), pod('kafka-2', 'b'));
    const images = () =>
      cluster.named('kafka')?.workloads.map(({ containers: [first] }) => first?.spec['image']);
    const before = cluster.named('kafka');
    expect(images()?.sort()).toEqual(['a', 'b']);

    cluster.apply([pod('kafka-3', 'a')], [pod('kafka-0')]);
    expect(cluster.named('kafka')).toBe(before);

    cluster.apply([], [pod('kafka-3')]);
    expect(images()).toEqual(['b']);
  });

  it('tells of very many contents those of the newest pods', () => {
    const pods = Array.from({ length: 30 }, (_, day) =>
      pod(`kafka-${day}`, `x:${day}`, {
        metadata: { creationTimestamp: `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00Z` },
      }),
    );
    const images = (of: Cluster) =>
      new Set(of.named('kafka')?.workloads.flatMap(({ containers: [first] }) => first?.spec['image'] ?? []));

    const newest = new Set(Array.from({ length: 20 }, (_, at) => `x:${at + 10}`));
    expect(images(clusterOf(...pods))).toEqual(newest);
    expect(images(clusterOf(...pods.toReversed()))).toEqual(newest);
  });

  it('is stored with what its pods are, without secrets and without what is their own, and is found in that again', () => {
    const env = [{ name: 'DB_PASSWORD', value: 'w0nderland-42' }];
    const cluster = clusterOf(
      pod('kafka-0', 'x:1', {
        metadata: { labels: { team: 'a', 'pod-index': '0' } },
        spec: spec('x:1', { env }),
      }),
    );
    const workload = cluster.named('kafka') as Resource;
    const stored = withSeenPods(workload);

    expect(JSON.stringify(stored)).not.toContain('w0nderland');
    expect(stored).toMatchObject({
      kind: 'Op',
      metadata: { name: 'kafka' },
      seenInPods: [{ metadata: { labels: { team: 'a' } } }],
    });
    expect(toResource(stored, workload.origin).workloads).toEqual(workload.workloads);
    expect(withoutSeenPods(stored)).toEqual(workload.object);
    const { body, instance } = securityContent(stored);
    expect(securityContent({ ...body, ...instance }).body).toEqual(body);
  });

  it('is known from pods alone until an object of its name is seen', () => {
    const cluster = clusterOf(pod('kafka-0'));
    expect(cluster.named('kafka')?.seenInPods).toBe('object');

    cluster.apply([OP]);
    expect(cluster.named('kafka')?.seenInPods).toBe('template');

    cluster.apply([WITH_TEMPLATE]);
    expect(cluster.named('kafka')).toMatchObject({ workloads: [{ path: ['spec', 'template'] }] });
    expect(cluster.named('kafka')?.seenInPods).toBeUndefined();

    cluster.apply([OP]);
    expect(cluster.apply([], [pod('kafka-0')]).delta.changed.map(({ after }) => after)).toEqual([OP]);
  });

  it('is in the namespace of its pods where its object is in none', () => {
    const wide = object('kafka', { metadata: { namespace: undefined } as unknown as JsonObject });
    const cluster = clusterOf(wide, pod('kafka-0'));

    expect(cluster.found).toEqual(['image Op/kafka']);
    expect(cluster.named('kafka')?.seenInPods).toBe('object');
    expect(cluster.world.find('op.example.com/Op', '', 'kafka')).toBe(wide);
  });
});
