import { contentHash, type JsonObject } from '@bulwark/core';
import { demoShop } from '@bulwark/demo';
import { digestOf, objectsOf, type ResourceRow, scopeOf } from '@bulwark/store';
import { versionsMadeAlike } from '@bulwark/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { idOf } from './stored-rows.ts';
import { WatchedCluster } from './watched.testing.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOW);
}, 60_000);

afterAll(() => hub?.stop());

it('a version that was made to have the quick hash of the one before is a change, with a content of its own', async () => {
  const cluster = await hub.cluster('alike', { 'apps/Deployment': 'live' });
  for (const version of versionsMadeAlike('shop')) {
    await cluster.show(JSON.stringify(version));
    await cluster.flush();
  }

  const told = await cluster.rows<{ verb: string; before: unknown; after: unknown }>(
    `select verb, b.content #> '{spec,template,spec,containers,0,securityContext}' as before,
       a.content #> '{spec,template,spec,containers,0,securityContext}' as after
     from change c left join body b on b.cluster_id = c.cluster_id and b.hash = c.before
       left join body a on a.cluster_id = c.cluster_id and a.hash = c.after
     where c.cluster_id = $1 order by c.id`,
  );
  expect(told.at(-1)).toEqual({
    verb: 'changed',
    before: { allowPrivilegeEscalation: false },
    after: { privileged: true },
  });
});

/** What no database keeps as it is, and numbers in every notation. */
const ODD: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'odd', namespace: 'shop', uid: 'u-odd', annotations: { note: 'a\0b', team: 'x\0y' } },
  spec: {
    replicas: 1e21,
    template: { spec: { containers: [{ name: 'a', image: 'x:\0', args: ['\\u0000', 'ä'] }] } },
  },
};

it('what is stored has the names that were made of what was seen', async () => {
  const objects = [...demoShop({ seed: 'names', now: NOW.getTime() }), ODD];
  const cluster = await WatchedCluster.inTest(hub, 'names', objects);
  await cluster.start();

  const { pool } = hub.store;
  const bodies = await pool.query<{ hash: string; content: JsonObject }>(
    `select replace(hash::text, '-', '') as hash, content from body where cluster_id = $1`,
    [cluster.id],
  );
  expect(bodies.rows.length).toBeGreaterThan(100);
  expect(bodies.rows.filter(({ hash, content }) => contentHash(content) !== hash)).toEqual([]);
  const scope = scopeOf({ clusters: [cluster.id], namespaces: 'all' });
  const stored = await objectsOf(hub.store, scope, { cluster: cluster.id });
  const instances = new Map(stored.map((object) => [idOf(object), object.instance]));
  const { rows } = await pool.query<ResourceRow>(
    `select kind, namespace, name, uid, api_version as "apiVersion", owner_kind as "ownerKind", owner_name as "ownerName",
       replace(body_hash::text, '-', '') as "bodyHash", replace(digest::text, '-', '') as digest, is_workload as "isWorkload", team,
       contacts, environment, criticality
     from resource where cluster_id = $1`,
    [cluster.id],
  );
  expect(rows.length).toBeGreaterThan(500);
  const isNamed = (row: ResourceRow): boolean =>
    digestOf({ ...row, instance: instances.get(idOf(row)) ?? {} }) === row.digest;
  expect(rows.filter((row) => !isNamed(row))).toEqual([]);
});
