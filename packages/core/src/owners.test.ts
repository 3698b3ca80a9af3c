import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import { controllerReference, topOwner } from './owners.ts';
import { type Resource, toResource } from './resource.ts';
import { World } from './world.ts';

const ORIGIN = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;
const POD = { spec: { containers: [{ name: 'app', image: 'x:1' }] } };

const API_VERSIONS: Readonly<Record<string, string>> = {
  ...{ Pod: 'v1', ConfigMap: 'v1', Role: 'rbac.authorization.k8s.io/v1', Node: 'v1' },
  ...{ CronJob: 'batch/v1', Job: 'batch/v1', PersistentVolumeClaim: 'v1' },
  ...{
    Kafka: 'kafka.example.com/v1',
    Gateway: 'gateway.networking.k8s.io/v1',
    Cluster: 'postgresql.cnpg.io/v1',
  },
  ...{ Rollout: 'argoproj.io/v1alpha1', PipelineRun: 'tekton.dev/v1', TaskRun: 'tekton.dev/v1' },
};

/** What has a pod template, by kind. */
const BODIES: Readonly<Record<string, JsonObject>> = {
  Pod: POD,
  CronJob: { spec: { jobTemplate: { spec: { template: POD } } } },
  PipelineRun: {
    spec: { pipelineSpec: { tasks: [{ taskSpec: { steps: [{ name: 's', image: 'x:1' }] } }] } },
  },
  TaskRun: { spec: { taskRef: { name: 'build' } } },
  ...Object.fromEntries(
    ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'Rollout'].map((kind) => [
      kind,
      { spec: { template: POD } },
    ]),
  ),
};

function referenceTo(named: string): JsonObject {
  const [kind = '', name = ''] = named.replace(/^~/, '').split('/');
  return {
    apiVersion: API_VERSIONS[kind] ?? 'apps/v1',
    kind,
    name,
    uid: 'u',
    ...(!named.startsWith('~') && { controller: true }),
  };
}

/** An object and its owners, each as `Kind/name`, with `~` before those that do not control it. */
function object(named: string, ...owners: readonly string[]): Resource {
  const [kind = '', name = ''] = named.split('/');
  const metadata = { name, namespace: 'shop', ownerReferences: owners.map(referenceTo) };
  return toResource({ apiVersion: API_VERSIONS[kind] ?? 'apps/v1', kind, metadata, ...BODIES[kind] }, ORIGIN);
}

/** A Rollout without a template of its own, what has it, and its owners. */
function borrowing(named: string, lender: string, ...owners: readonly string[]): Resource {
  const { apiVersion, kind, object: written } = object(named, ...owners);
  const { controller: _, uid: __, ...workloadRef } = referenceTo(lender);
  return toResource({ apiVersion, kind, metadata: written['metadata'] ?? {}, spec: { workloadRef } }, ORIGIN);
}

function topOf(objects: readonly Resource[]): string {
  const [first] = objects as [Resource];
  const { kind, name } = topOwner(World.of(objects).world, first);
  return `${kind}/${name}`;
}

describe('what an object says controls it', () => {
  it.each<[string, Resource, string | undefined]>([
    ['nothing where it says nothing', object('Pod/a'), undefined],
    ['the owner that says so', object('Pod/a', '~ConfigMap/m', 'ReplicaSet/r'), 'apps/ReplicaSet/r'],
    ['no owner that does not', object('CronJob/a', '~ConfigMap/m'), undefined],
    ['no Node', object('Pod/a', 'Node/n'), undefined],
    ['what may make anything', object('CronJob/a', 'Kafka/k'), 'kafka.example.com/Kafka/k'],
    ['no Deployment for what is no ReplicaSet', object('CronJob/a', 'Deployment/d'), undefined],
    ['no ConfigMap for what runs', object('CronJob/a', 'ConfigMap/m'), undefined],
    ['no Role for a Pod', object('Pod/a', 'Role/r'), undefined],
    ['a Gateway', object('Deployment/a', 'Gateway/g'), 'gateway.networking.k8s.io/Gateway/g'],
    ['no Pod for another Pod', object('Pod/a', 'Pod/b'), undefined],
    ['the StatefulSet of storage', object('PersistentVolumeClaim/a', 'StatefulSet/s'), 'apps/StatefulSet/s'],
  ])('is %s', (_what, resource, expected) => {
    const found = controllerReference(resource);
    expect(found && `${found.groupKind}/${found.name}`).toBe(expected);
  });
});

describe('a reference to a controller', () => {
  const named = (reference: JsonObject): string | undefined => {
    const ownerReferences = [{ ...referenceTo('Kafka/k'), ...reference }];
    const metadata = { name: 'a', namespace: 'shop', ownerReferences };
    const found = controllerReference(
      toResource({ apiVersion: 'v1', kind: 'Pod', metadata, ...POD }, ORIGIN),
    );
    return found && `${found.groupKind} ${found.name}`;
  };

  it.each([
    [{ kind: 'Kafka|ops|main' }],
    [{ kind: 'Fo|o/x%20' }],
    [{ kind: 'a/b' }],
    [{ kind: 'Ka fka' }],
    [{ kind: `Kafka${'\ufffd'}` }],
    [{ kind: '' }],
    [{ apiVersion: 'op|x.example.com/v1' }],
    [{ apiVersion: 'Op.example.com/v1' }],
    [{ apiVersion: '' }],
    [{ name: 'a/b' }],
    [{ name: 'a%2fb' }],
    [{ name: '..' }],
    [{ name: '' }],
  ])('that no object can be called by names none: %j', (reference) => {
    expect(named(reference)).toBeUndefined();
  });

  it.each([
    [{}, 'kafka.example.com/Kafka k'],
    [{ kind: 'Kafka-Topic_2' }, 'kafka.example.com/Kafka-Topic_2 k'],
    [{ name: 'a|b.c:d' }, 'kafka.example.com/Kafka a|b.c:d'],
    [{ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, 'apps/ReplicaSet k'],
  ])('that one can be called by names it: %j', (reference, expected) => {
    expect(named(reference)).toBe(expected);
  });
});

describe('the top owner', () => {
  it.each<[string, string, readonly Resource[]]>([
    [
      'of a pod is the Deployment of its ReplicaSet',
      'Deployment/d',
      [object('Pod/p', 'ReplicaSet/r'), object('ReplicaSet/r', 'Deployment/d'), object('Deployment/d')],
    ],
    [
      'of a pod is the CronJob of its Job',
      'CronJob/c',
      [object('Pod/p', 'Job/j'), object('Job/j', 'CronJob/c'), object('CronJob/c')],
    ],
    [
      'of a pod is the custom resource that has its template',
      'Rollout/o',
      [object('Pod/p', 'ReplicaSet/r'), object('ReplicaSet/r', 'Rollout/o'), object('Rollout/o')],
    ],
    [
      'of a pod is its ReplicaSet where the Deployment is not there',
      'ReplicaSet/r',
      [object('Pod/p', 'ReplicaSet/r'), object('ReplicaSet/r', 'Deployment/d')],
    ],
    ['of a pod is itself where its controller is not there', 'Pod/p', [object('Pod/p', 'ReplicaSet/r')]],
    [
      'of a pod is itself where its controller has no template',
      'Pod/p',
      [object('Pod/p', 'Cluster/pg'), object('Cluster/pg')],
    ],
    [
      'of a pod is what its operator made of an object without a template',
      'StatefulSet/s',
      [object('Pod/p', 'StatefulSet/s'), object('StatefulSet/s', 'Kafka/k'), object('Kafka/k')],
    ],
    [
      'of a pod is the first that has a template, over one that has none',
      'PipelineRun/run',
      [object('Pod/p', 'TaskRun/t'), object('TaskRun/t', 'PipelineRun/run'), object('PipelineRun/run')],
    ],
    [
      'of what a Gateway owns is itself',
      'Deployment/g',
      [object('Deployment/g', '~Gateway/g'), object('Gateway/g')],
    ],
    [
      'of what a Gateway controls is itself',
      'Deployment/g',
      [object('Deployment/g', 'Gateway/g'), object('Gateway/g')],
    ],
    [
      'of a CronJob is itself, whatever it names',
      'CronJob/c',
      [object('CronJob/c', 'ConfigMap/m'), object('ConfigMap/m')],
    ],
    [
      'of a CronJob is no Deployment',
      'CronJob/c',
      [object('CronJob/c', 'Deployment/d'), object('Deployment/d')],
    ],
    [
      'of what has no pods is itself where nothing has any',
      'Role/r',
      [object('Role/r', 'Gateway/g'), object('Gateway/g', 'Kafka/k'), object('Kafka/k')],
    ],
    [
      'of a pod is the Deployment from which the Rollout has its template',
      'Deployment/web',
      [
        object('Pod/p', 'ReplicaSet/r'),
        object('ReplicaSet/r', 'Rollout/o'),
        borrowing('Rollout/o', 'Deployment/web', 'Kafka/k'),
        ...[object('Deployment/web'), object('Kafka/k')],
      ],
    ],
    [
      'of a pod is its ReplicaSet where that Deployment is not there',
      'ReplicaSet/r',
      [
        object('Pod/p', 'ReplicaSet/r'),
        object('ReplicaSet/r', 'Rollout/o'),
        borrowing('Rollout/o', 'Deployment/web'),
      ],
    ],
    [
      'of such a Rollout is itself',
      'Rollout/o',
      [borrowing('Rollout/o', 'Deployment/web'), object('Deployment/web')],
    ],
    [
      'of a ReplicaSet is not what lends nothing',
      'ReplicaSet/r',
      [
        object('ReplicaSet/r', 'Rollout/o'),
        borrowing('Rollout/o', 'CronJob/nightly'),
        object('CronJob/nightly'),
      ],
    ],
    [
      'of a ReplicaSet is itself where its Rollout has its template of it',
      'ReplicaSet/r',
      [object('ReplicaSet/r', 'Rollout/o'), borrowing('Rollout/o', 'ReplicaSet/r')],
    ],
    [
      'of what is in a circle is itself',
      'Rollout/a',
      [object('Rollout/a', 'Rollout/b'), object('Rollout/b', 'Rollout/a')],
    ],
    [
      'of what hangs on a circle is where it comes in',
      'Rollout/a',
      [
        object('ReplicaSet/r', 'Rollout/a'),
        object('Rollout/a', 'Rollout/b'),
        object('Rollout/b', 'Rollout/a'),
      ],
    ],
  ])('%s: %s', (_what, expected, objects) => {
    expect(topOf(objects)).toBe(expected);
  });

  it('is the top owner of itself, however objects name each other', () => {
    const kinds = ['Pod', 'ReplicaSet', 'Deployment', 'Rollout', 'Kafka', 'ConfigMap', 'Job', 'CronJob'];
    const name = fc
      .tuple(fc.constantFrom(...kinds), fc.constantFrom('a', 'b'))
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.dictionary(name, name), fc.dictionary(name, name), (owners, lenders) => {
        const { world } = World.of(
          Object.entries(owners).map(([each, owner]) => {
            const lender = each.startsWith('Rollout/') ? lenders[each] : undefined;
            return lender === undefined ? object(each, owner) : borrowing(each, lender, owner);
          }),
        );
        for (const resource of world.resources()) {
          const top = topOwner(world, resource);
          expect(topOwner(world, top)).toBe(top);
          if (resource.workloads.length > 0) expect(top.workloads).not.toEqual([]);
        }
      }),
    );
  });
});
