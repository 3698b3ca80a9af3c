import { canonicalJson, contentHash, get, type JsonObject, securityContent, stringAt } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { danglingReferences } from '../references.testing.ts';
import { keyOf } from '../shop/units.ts';
import { type ChurnChange, demoChurn } from './demo-churn.ts';
import { type ClusterSize, demoCluster } from './demo-cluster.ts';

const NOW = Date.UTC(2026, 10, 26, 9, 30);
const SMALL: ClusterSize = { seed: 'x', now: NOW, namespaces: 20, workloads: 120, pods: 1000, objects: 2800 };
const CLUSTER = demoCluster(SMALL);

function counts(objects: readonly JsonObject[]) {
  const of = (...kinds: string[]) =>
    objects.filter((object) => kinds.includes(stringAt(object, 'kind') ?? '')).length;
  return {
    namespaces: of('Namespace'),
    workloads: of('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'),
    pods: of('Pod'),
    objects: objects.length,
  };
}

function changes(count: number): ChurnChange[] {
  const churn = demoChurn({ seed: 'y', now: NOW, cluster: CLUSTER });
  return Array.from({ length: count }, () => churn.next().value);
}

describe('demoCluster', () => {
  it('is exactly as large as asked for', () => {
    const { namespaces, workloads, pods, objects } = SMALL;

    expect(counts(CLUSTER)).toEqual({ namespaces, workloads, pods, objects });
  });

  it('is as large as the benchmarks ask for', { timeout: 60_000 }, () => {
    const size = { namespaces: 200, workloads: 1200, pods: 10_000, objects: 25_000 };

    expect(counts(demoCluster({ seed: 'bench', now: NOW, ...size }))).toEqual(size);
  });

  it('holds every object once, and no reference that leads nowhere', () => {
    expect(new Set(CLUSTER.map(keyOf)).size).toBe(CLUSTER.length);
    expect(danglingReferences(CLUSTER)).toEqual([]);
  });

  it('is equal for equal seeds only', () => {
    expect(demoCluster(SMALL)).toEqual(CLUSTER);
    expect(demoCluster({ ...SMALL, seed: 'z' })).not.toEqual(CLUSTER);
  });

  it('has pods of one template that share one body', () => {
    const pods = CLUSTER.filter((object) => object['kind'] === 'Pod');
    const bodies = new Set(pods.map((pod) => contentHash(securityContent(pod).body)));

    expect(bodies.size).toBeLessThanOrEqual(SMALL.workloads);
  });

  it.each([
    [{ objects: 100 }, /at least \d+ objects/],
    [{ pods: 100 }, /at least \d+ pods/],
  ])('says what is the least where %o cannot be met', (wrong, message) => {
    expect(() => demoCluster({ ...SMALL, ...wrong })).toThrow(message);
  });
});

describe('demoChurn', () => {
  const stream = changes(6000);

  it('is status and heartbeats, a few pods, and a little that matters', () => {
    const share = (sort: ChurnChange['sort']) =>
      stream.filter((change) => change.sort === sort).length / stream.length;

    expect(share('status')).toBeCloseTo(0.94, 1);
    expect(share('pod')).toBeCloseTo(0.05, 1);
    expect(share('relevant')).toBeGreaterThan(0.007);
    expect(share('relevant')).toBeLessThan(0.013);
  });

  it('is equal for equal seeds', () => {
    expect(changes(500)).toEqual(stream.slice(0, 500));
  });

  it('changes what matters only where it says so, and deletes only what is there', () => {
    const contents = new Map(CLUSTER.map((object) => [keyOf(object), content(object)]));
    const bodies = new Set(CLUSTER.map((object) => contentHash(securityContent(object).body)));
    for (const { sort, verb, object } of stream) {
      const key = keyOf(object);
      const before = contents.get(key);
      if (verb === 'delete') {
        expect(contents.delete(key)).toBe(true);
        continue;
      }
      if (sort === 'status') expect(content(object)).toBe(before);
      else if (sort === 'relevant') expect(content(object)).not.toBe(before);
      else {
        expect(before).toBeUndefined();
        expect(bodies.has(contentHash(securityContent(object).body))).toBe(true);
      }
      contents.set(key, content(object));
    }
  });

  it('keeps the number of pods', () => {
    const pods = stream.filter(({ sort }) => sort === 'pod');
    const gone = pods.filter(({ verb }) => verb === 'delete').length;

    expect(Math.abs(pods.length - 2 * gone)).toBeLessThanOrEqual(1);
    expect(get(pods[1]?.object, 'metadata', 'ownerReferences', 0, 'kind')).toBe('ReplicaSet');
  });
});

function content(object: JsonObject): string {
  const { body, instance } = securityContent(object);
  return canonicalJson({ body, instance });
}
