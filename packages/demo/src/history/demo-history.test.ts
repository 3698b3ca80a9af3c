import { arrayAt, canonicalJson, get, type JsonObject, securityContent, stringAt } from '@bulwark/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { danglingReferences } from '../references.testing.ts';
import { keyOf } from '../shop/units.ts';
import { type DemoHistory, replay } from './change.ts';
import { demoHistory, demoShop } from './demo-history.ts';

const NOW = Date.UTC(2026, 10, 26, 9, 30);
const DAY = 86_400_000;
const HISTORY = demoHistory({ seed: 'a', now: NOW });
const SHOP = replay(HISTORY);
const ofKind = (kind: string): JsonObject[] => SHOP.filter((object) => object['kind'] === kind);

/** The object of a key at a moment. */
function at({ start, changes }: DemoHistory, moment: number, key: string): JsonObject | undefined {
  const then = replay({ start, changes: changes.filter((change) => change.at <= moment) });
  return then.find((object) => keyOf(object) === key);
}

describe('demoShop', () => {
  it('is a shop of about 150 workloads in many namespaces, with what belongs to them', () => {
    const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'].flatMap(ofKind);
    const counts = Object.fromEntries(
      [
        'Pod',
        'Node',
        'Namespace',
        'NetworkPolicy',
        'Role',
        'Ingress',
        'Secret',
        'CustomResourceDefinition',
      ].map((kind) => [kind, ofKind(kind).length]),
    );

    expect(workloads.length).toBeGreaterThan(140);
    expect(workloads.length).toBeLessThan(200);
    expect(ofKind('Namespace').length).toBeGreaterThan(14);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(4);
  });

  it('is what the history leads to', () => {
    expect(demoShop({ seed: 'a', now: NOW })).toEqual(SHOP);
  });

  it('holds every object once, and every pod by the uid of its owner', () => {
    const uids = new Map(SHOP.map((object) => [stringAt(object, 'metadata', 'uid'), object]));

    expect(new Set(SHOP.map(keyOf)).size).toBe(SHOP.length);
    expect(uids.size).toBe(SHOP.length);
    for (const pod of ofKind('Pod'))
      for (const owner of arrayAt(pod, 'metadata', 'ownerReferences') ?? [])
        expect(uids.get(stringAt(owner, 'uid') ?? '')?.['kind']).toBe(get(owner, 'kind'));
  });

  it('has no reference that leads nowhere but the ones that are mistakes of the shop', () => {
    expect(danglingReferences(SHOP)).toEqual([
      'rbac.authorization.k8s.io/RoleBinding|sandbox|left-over -> rbac.authorization.k8s.io/Role|sandbox|experiment',
    ]);
  });

  it('has Services whose pods exist, and pods with an address on their node', () => {
    const pods = ofKind('Pod').filter((pod) => get(pod, 'status', 'phase') === 'Running');
    for (const service of ofKind('Service')) {
      const selector = Object.entries(get(service, 'spec', 'selector') as Record<string, string>);
      const chosen = pods.filter(
        (pod) =>
          get(pod, 'metadata', 'namespace') === get(service, 'metadata', 'namespace') &&
          selector.every(([key, value]) => get(pod, 'metadata', 'labels', key) === value),
      );

      expect({ service: keyOf(service), pods: chosen.length }).not.toMatchObject({ pods: 0 });
    }
    for (const pod of pods) expect(stringAt(pod, 'status', 'podIP')).toMatch(/^10\.\d+\.\d+\.\d+$/);
  });

  it('has one body for the pods of a template, so that the store keeps each once', () => {
    const bodies = new Set(ofKind('Pod').map((pod) => canonicalJson(securityContent(pod).body)));
    const templates = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'].flatMap(ofKind).length + 1;

    expect(bodies.size).toBeLessThanOrEqual(templates);
  });

  it('holds no value of a Secret, only sizes', () => {
    for (const secret of ofKind('Secret'))
      for (const size of Object.values(get(secret, 'data') as object)) expect(size).toBeTypeOf('number');
  });
});

describe('demoHistory', () => {
  it('is equal for equal options, and another for another seed', () => {
    expect(demoHistory({ seed: 'a', now: NOW })).toEqual(HISTORY);
    expect(demoHistory({ seed: 'b', now: NOW })).not.toEqual(HISTORY);
  });

  it('tells the last month in order, whatever day it ends on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 * 24 }), fc.string(), (hours, seed) => {
        const now = Date.UTC(2026, 0, 1) + hours * 3_600_000;
        const { start, changes } = demoHistory({ seed, now });
        const there = new Set(start.map(keyOf));
        let last = now - 32 * DAY;
        for (const { at: moment, verb, object, actor } of changes) {
          expect(moment).toBeGreaterThanOrEqual(last);
          expect(moment).toBeLessThanOrEqual(now);
          expect(actor.user).not.toBe('');
          if (verb === 'delete') expect(there.delete(keyOf(object))).toBe(true);
          else there.add(keyOf(object));
          last = moment;
        }
        expect(changes.length).toBeGreaterThan(1000);
      }),
      { numRuns: 3 },
    );
  });

  it('says of every change something new, or that a CronJob ran', () => {
    const known = new Map(HISTORY.start.map((object) => [keyOf(object), canonicalJson(object)]));
    for (const { verb, object } of HISTORY.changes) {
      const text = canonicalJson(object);
      if (verb === 'upsert') expect(known.get(keyOf(object))).not.toBe(text);
      known.set(keyOf(object), verb === 'delete' ? '' : text);
    }
  });

  const day = (days: number, time: string): number =>
    Date.parse(`${new Date(NOW - days * DAY).toISOString().slice(0, 10)}T${time}:00Z`);
  const privileged = (object: JsonObject | undefined): unknown =>
    get(object, 'spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged');

  it('has a container that was privileged for two days', () => {
    const key = 'apps/Deployment|warehouse|stock-sync';

    expect([22, 20, 18].map((days) => privileged(at(HISTORY, day(days, '12:00'), key)))).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });

  it('has a database that was on the internet for two hours', () => {
    const key = 'Service|search|opensearch-public';

    expect(['14:00', '15:00', '16:30'].map((time) => at(HISTORY, day(15, time), key) !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('has a pipeline that made itself an administrator, and was left one', () => {
    const change = HISTORY.changes.find(({ object }) => keyOf(object).endsWith('||runner-deploy-temp'));

    expect(change?.actor.user).toBe('system:serviceaccount:ci:runner');
    expect(SHOP.map(keyOf)).toContain('rbac.authorization.k8s.io/ClusterRoleBinding||runner-deploy-temp');
  });

  it('has a namespace that is younger than itself', () => {
    const then = replay({ start: HISTORY.start, changes: [] });

    expect(then.filter((object) => get(object, 'metadata', 'namespace') === 'loyalty')).toEqual([]);
    expect(
      SHOP.filter((object) => get(object, 'metadata', 'namespace') === 'loyalty').length,
    ).toBeGreaterThan(10);
  });

  it('replaces the pods of a new version, and keeps three former ReplicaSets at most', () => {
    const sets = ofKind('ReplicaSet');
    const former = sets.filter((set) => get(set, 'spec', 'replicas') === 0);
    const perOwner = new Map<string, number>();
    for (const set of former) {
      const owner = `${stringAt(set, 'metadata', 'namespace') ?? ''}/${stringAt(set, 'metadata', 'ownerReferences', 0, 'name') ?? ''}`;
      perOwner.set(owner, (perOwner.get(owner) ?? 0) + 1);
    }

    expect(former.length).toBeGreaterThan(20);
    expect(Math.max(...perOwner.values())).toBeLessThanOrEqual(3);
    expect(sets.length - former.length).toBe(ofKind('Deployment').length);
  });
});
