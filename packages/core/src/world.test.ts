import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Resource, toResource } from './resource.ts';
import { ANY_WORKLOAD, type Analysis, World } from './world.ts';

const origin = { kind: 'cluster', cluster: 'test', resourceVersion: '1' } as const;

function resource(
  apiVersion: string,
  kind: string,
  name: string,
  rest: Record<string, unknown> = {},
): Resource {
  const { namespace, ...body } = rest;
  return toResource({ apiVersion, kind, metadata: { name, namespace }, ...body } as never, origin);
}

const deployment = resource('apps/v1', 'Deployment', 'web', {
  namespace: 'shop',
  spec: { template: { spec: { containers: [] } } },
});

describe('a World', () => {
  it('indexes by kind, by namespace and by having a pod template', () => {
    const service = resource('v1', 'Service', 'web', { namespace: 'shop' });
    const { world } = World.of([deployment, service]);

    expect(world.list('apps/Deployment')).toEqual([deployment]);
    expect(world.inNamespace('Service', 'shop')).toEqual([service]);
    expect(world.inNamespace('Service', 'default')).toEqual([]);
    expect(world.list(ANY_WORKLOAD)).toEqual([deployment]);
    expect(world.find('Service', 'shop', 'web')).toBe(service);
  });

  it('keeps every copy of an object and says which are copies', () => {
    const { world, duplicates } = World.of([deployment, { ...deployment }, { ...deployment }]);

    expect(world.size).toBe(3);
    expect(duplicates.map((copy) => copy.id)).toEqual([
      'apps/Deployment|shop|web#2',
      'apps/Deployment|shop|web#3',
    ]);
  });

  it('labels every namespace with its name, declared or not', () => {
    const declared = resource('v1', 'Namespace', 'shop');
    const { world } = World.of([declared, resource('v1', 'Service', 'x', { namespace: 'other' })]);

    expect(world.namespaceLabels('other')).toEqual({ 'kubernetes.io/metadata.name': 'other' });
    expect(world.namespaces()).toEqual(['other', 'shop']);
  });

  it('keeps an analysis that a change cannot touch and drops one that it can, through other analyses too', () => {
    let runs = 0;
    const services: Analysis<number> = {
      id: 'services',
      reads: ['Service'],
      compute: (world) => {
        runs++;
        return world.list('Service').length;
      },
    };
    const twice: Analysis<number> = {
      id: 'twice',
      reads: [services],
      compute: (world) => world.get(services) * 2,
    };
    const { world } = World.of([resource('v1', 'Service', 'a')]);

    expect(world.get(twice)).toBe(2);
    world.apply({ upsert: [deployment] });
    expect([world.get(twice), runs]).toEqual([2, 1]);
    world.apply({ upsert: [resource('v1', 'Service', 'b')] });
    expect([world.get(twice), runs]).toEqual([4, 2]);
  });

  it('reports what a batch of changes did', () => {
    const { world } = World.of([deployment, resource('v1', 'Service', 'a')]);
    const after = { ...deployment, object: { ...deployment.object, spec: {} }, workloads: [] };

    const delta = world.apply({
      upsert: [after, resource('v1', 'ConfigMap', 'c')],
      remove: ['Service||a', 'Service||none'],
    });

    expect(delta.added.map(({ name }) => name)).toEqual(['c']);
    expect(delta.removed.map(({ name }) => name)).toEqual(['a']);
    expect(delta.changed).toEqual([{ before: deployment, after }]);
    expect([...delta.kinds].sort()).toEqual(['@workload', 'ConfigMap', 'Service', 'apps/Deployment']);
    expect(world.list(ANY_WORKLOAD)).toEqual([]);
  });

  it('has the same indices after changes as when built anew', () => {
    const change = fc.record({
      kind: fc.constantFrom('Service', 'ConfigMap', 'Pod'),
      name: fc.constantFrom('a', 'b', 'c'),
      namespace: fc.constantFrom('x', 'y'),
      remove: fc.boolean(),
    });
    const view = (world: World): unknown =>
      ['Service', 'ConfigMap', 'Pod', ANY_WORKLOAD].map((kind) => [
        world
          .list(kind)
          .map(({ id }) => id)
          .sort(),
        ['x', 'y'].map((namespace) =>
          world
            .inNamespace(kind, namespace)
            .map(({ id }) => id)
            .sort(),
        ),
        world.namespaces(),
      ]);
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 6 }), (batches) => {
        const { world } = World.of([]);
        for (const batch of batches) {
          const changed = batch.map((each) => ({
            ...each,
            resource: resource('v1', each.kind, each.name, {
              namespace: each.namespace,
              spec: { containers: [] },
            }),
          }));
          const removed = changed.filter(({ remove }) => remove).map(({ resource: { id } }) => id);
          world.apply({
            upsert: changed.map((each) => each.resource).filter(({ id }) => !removed.includes(id)),
            remove: removed,
          });
        }

        expect(view(world)).toEqual(view(World.of(world.resources()).world));
      }),
    );
  });
});
