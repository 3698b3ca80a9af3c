import type { JsonObject } from '@bulwark/core';
import { liveResources } from '@bulwark/store';
import { customKind } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../handlers/test-cluster.ts';
import { tellingHub, WatchedCluster } from './watched.testing.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await tellingHub();
}, 60_000);

afterAll(async () => {
  await hub?.stop();
});

/** The columns of all tables that are asked for. */
interface Kept {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
  readonly is_first: boolean;
  readonly is_resolved: boolean;
}

function runtime(name: string, namespace?: string): JsonObject {
  return {
    apiVersion: 'example.org/v1',
    kind: 'Runtime',
    metadata: { name, uid: name, creationTimestamp: '2025-01-01T00:00:00Z', ...(namespace && { namespace }) },
    spec: { containers: [{ name: 'a', image: 'x:1', securityContext: { privileged: true } }] },
  };
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** What is kept of the Runtimes: which there are, as `namespace/name`, on which findings are open, and what was told. */
async function keptOf(cluster: WatchedCluster) {
  const kept = await cluster.kept();
  const of = (table: string) =>
    ((kept[table] ?? []) as unknown as readonly Kept[]).filter(({ kind }) => kind === 'example.org/Runtime');
  const names = (table: string) => distinct(of(table).map(({ namespace, name }) => `${namespace}/${name}`));
  return {
    objects: names('resource'),
    open: names('finding'),
    changes: of('change').map(({ verb, namespace, name }) => `${verb} ${namespace}/${name}`),
    resolved: names('finding_past'),
    toldAsResolved: distinct(of('notice').flatMap(({ is_resolved, name }) => (is_resolved ? [name] : []))),
    toldAsNews: distinct(
      of('notice').flatMap(({ is_first, is_resolved, name }) => (is_first || is_resolved ? [] : [name])),
    ),
  };
}

const UNCHANGED = { changes: [], resolved: [], toldAsResolved: [], toldAsNews: [] };

describe('custom objects that have pods and lie in no namespace', () => {
  it('are in no namespace, stay over a start, and end with their findings when they are deleted', async () => {
    const cluster = await WatchedCluster.inTest(hub, 'live', [
      customKind('Runtime', { scope: 'Cluster' }),
      runtime('a'),
      runtime('b'),
    ]);
    const both = { objects: ['/a', '/b'], open: ['/a', '/b'], ...UNCHANGED };
    await cluster.start();
    await expect.poll(() => keptOf(cluster), POLL).toEqual(both);

    await cluster.stop();
    await cluster.start();
    await cluster.sees('example.org/Runtime', 'live');
    expect(await keptOf(cluster)).toEqual(both);

    cluster.server.delete({ apiVersion: 'example.org/v1', kind: 'Runtime', namespace: '', name: 'a' });
    await expect
      .poll(() => keptOf(cluster), POLL)
      .toMatchObject({
        objects: ['/b'],
        open: ['/b'],
        changes: ['deleted /a'],
        resolved: ['/a'],
        toldAsResolved: ['a'],
      });
  }, 90_000);

  it('leave the namespace in which an earlier version kept them, and nothing is told but what happened', async () => {
    // What is stored of objects in `default` is what the earlier version stored of those in none.
    const cluster = await WatchedCluster.inTest(hub, 'taken over', [
      customKind('Runtime'),
      runtime('stays', 'default'),
      runtime('goes', 'default'),
    ]);
    await cluster.start();
    const former = ['default/goes', 'default/stays'];
    await expect.poll(() => keptOf(cluster), POLL).toEqual({ objects: former, open: former, ...UNCHANGED });
    await cluster.stop();
    for (const name of ['stays', 'goes'])
      cluster.server.delete({ apiVersion: 'example.org/v1', kind: 'Runtime', namespace: 'default', name });
    cluster.server.upsert(customKind('Runtime', { scope: 'Cluster' }));
    cluster.server.upsert(runtime('stays'));

    const after = {
      objects: ['/stays'],
      open: ['/stays'],
      changes: ['deleted default/goes'],
      resolved: former,
      toldAsResolved: ['goes'],
      toldAsNews: [],
    };
    await cluster.start();
    await expect.poll(() => keptOf(cluster), POLL).toEqual(after);

    await cluster.stop();
    await cluster.start();
    await cluster.sees('example.org/Runtime', 'live');
    expect(await keptOf(cluster)).toEqual(after);
    expect((await liveResources(hub.store, cluster.id)).map(({ namespace }) => namespace)).not.toContain(
      'default',
    );
  }, 90_000);
});

const POLL = { timeout: 30_000 };
