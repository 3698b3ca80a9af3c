import { DEFAULT_OWNERSHIP, type JsonObject, type Resource, toResource, World } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { ownersSaidOtherwise } from './owner-places.ts';

const ORIGIN = { kind: 'cluster', cluster: '', resourceVersion: '' } as const;

function live(apiVersion: string, kind: string, metadata: JsonObject, more: JsonObject = {}): Resource {
  return toResource({ apiVersion, kind, metadata, ...more }, ORIGIN);
}

const namespace = (labels: JsonObject, more: JsonObject = {}) =>
  live('v1', 'Namespace', { name: 'shop', labels, ...more });
const deployment = (metadata: JsonObject, more: JsonObject = {}) =>
  live('apps/v1', 'Deployment', { name: 'cart', namespace: 'shop', ...metadata }, more);
const OWNED = {
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', controller: true }],
};
const replicaSet = (metadata: JsonObject) =>
  live('apps/v1', 'ReplicaSet', { name: 'cart-1', namespace: 'shop', ...metadata });
const template = (labels: JsonObject) => ({ spec: { template: { metadata: { labels }, spec: {} } } });

const SHOP = { namespace: 'shop' };
const OF_DEPLOYMENT = { ...SHOP, owner: { kind: 'apps/Deployment', name: 'cart' } };
const OF_REPLICA_SET = { ...SHOP, owner: { kind: 'apps/ReplicaSet', name: 'cart-1' } };

/** What controls what, by the id of the owner. */
function placesAfter(
  before: readonly Resource[],
  upsert: readonly Resource[],
  controlled: Readonly<Record<string, readonly Resource[]>> = {},
  rules: (typeof DEFAULT_OWNERSHIP)['rules'] = [],
): unknown[] {
  const { world } = World.of(before);
  const delta = world.apply({ upsert });
  return [
    ...ownersSaidOtherwise(delta, {
      world,
      ownership: { ...DEFAULT_OWNERSHIP, rules },
      controlledBy: (id) => controlled[id] ?? [],
    }),
  ];
}

describe('whose stored objects are is worked out anew', () => {
  it.each([
    ['in a namespace of another team', namespace({ team: 'a' }), namespace({ team: 'b' })],
    ['in one that says its environment', namespace({}), namespace({ env: 'staging' })],
    ['in one whose contact is another one', namespace({}), namespace({}, { annotations: { contact: '#b' } })],
    ['in one that says nothing any more', namespace({ criticality: 'high' }), namespace({})],
  ])('%s', (_what, before, after) => {
    expect(placesAfter([before], [after])).toEqual([SHOP]);
  });

  it('in a namespace that is seen later than what is in it', () => {
    expect(placesAfter([], [namespace({ team: 'a' })])).toEqual([SHOP]);
  });

  it.each([
    ['is of another team', deployment({ labels: { team: 'a' } }), deployment({ labels: { team: 'b' } })],
    ['says so in an annotation', deployment({}), deployment({ annotations: { owner: 'b' } })],
    ['says so in its pods', deployment({}, template({})), deployment({}, template({ team: 'b' }))],
  ])('where a workload %s', (_what, before, after) => {
    expect(placesAfter([before], [after])).toEqual([OF_DEPLOYMENT]);
  });

  it('where a rule holds a workload by its labels', () => {
    const rules = [{ scope: { labels: { tier: 'front' } }, owner: 'web', source: 'OWNERS:1' }];
    expect(placesAfter([deployment({})], [deployment({ labels: { tier: 'front' } })], {}, rules)).toEqual([
      OF_DEPLOYMENT,
    ]);
  });

  it('in every namespace in which an owner of the whole cluster has something', () => {
    const owner = (labels: JsonObject) => live('example.com/v1', 'Fleet', { name: 'all', labels });
    const controlled = { 'example.com/Fleet||all': [owner({}), deployment({}), replicaSet({})] };
    const places = placesAfter([owner({})], [owner({ team: 'b' })], controlled);
    expect(places).toContainEqual({ ...SHOP, owner: { kind: 'example.com/Fleet', name: 'all' } });
  });

  it('where an owner comes after what it owns', () => {
    const set = replicaSet(OWNED);
    const owner = deployment({});
    expect(placesAfter([set], [owner], { [owner.id]: [owner, set] })).toEqual([OF_REPLICA_SET]);
  });

  it('where something gets another owner, or none any more', () => {
    expect(placesAfter([replicaSet({})], [replicaSet(OWNED)])).toEqual([OF_REPLICA_SET]);
    expect(placesAfter([replicaSet(OWNED)], [replicaSet({})])).toEqual([OF_DEPLOYMENT, OF_REPLICA_SET]);
  });
});

describe('whose the stored objects of a Rollout are', () => {
  const rollout = (spec: JsonObject) =>
    live('argoproj.io/v1alpha1', 'Rollout', { name: 'cart', namespace: 'shop' }, { spec });
  const borrowing = rollout({ workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' } });
  const owned = { 'argoproj.io/Rollout|shop|cart': [replicaSet({})] };

  it('is worked out anew where it takes its template from another object, or from none', () => {
    const bare = rollout({});
    expect(placesAfter([bare], [borrowing], owned)).toContainEqual(OF_REPLICA_SET);
    expect(placesAfter([borrowing], [bare], owned)).toEqual(
      expect.arrayContaining([OF_DEPLOYMENT, OF_REPLICA_SET]),
    );
    expect(placesAfter([borrowing], [rollout(template({}).spec)], owned)).toContainEqual(OF_DEPLOYMENT);
  });

  it('is worked out anew when it is gone', () => {
    const { world } = World.of([borrowing]);
    const delta = world.apply({ upsert: [], remove: [borrowing.id] });
    const saying = { world, ownership: DEFAULT_OWNERSHIP, controlledBy: () => [replicaSet({})] };
    expect([...ownersSaidOtherwise(delta, saying)]).toEqual(
      expect.arrayContaining([OF_DEPLOYMENT, OF_REPLICA_SET]),
    );
  });
});

describe('whose stored objects are stays', () => {
  it.each([
    ['a namespace gets other labels', namespace({ team: 'a' }), namespace({ team: 'a', color: 'red' })],
    [
      'a namespace ends',
      namespace({}),
      live('v1', 'Namespace', { name: 'shop' }, { status: { phase: 'x' } }),
    ],
    ['a workload is scaled', deployment({}), deployment({}, { spec: { replicas: 3 } })],
    ['a workload gets another status', deployment({}), deployment({}, { status: { readyReplicas: 1 } })],
  ])('where %s', (_what, before, after) => {
    expect(placesAfter([before], [after])).toEqual([]);
  });

  it('where an owner comes with what it owns', () => {
    const set = replicaSet(OWNED);
    const owner = deployment({});
    expect(placesAfter([], [owner, set], { [owner.id]: [owner, set] })).toEqual([]);
  });
});
