import type { JsonObject } from '@bulwark/core';
import { type ReturningServer, startReturningServer } from '@bulwark/store/testing';
import { fakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { watchByContext } from './watch-kubernetes.testing.ts';
import { objectsOf } from './watched.testing.ts';

/** How long it may take until all is right again. */
const WITHIN = { timeout: 60_000, interval: 200 };
const GONE_BACK =
  'The database does not have what was written to it last: it has gone back to an earlier state, or another hub wrote meanwhile. Everything is read anew.';

let server: ReturningServer;
let hub: TestHub;

beforeAll(async () => {
  server = await startReturningServer();
  hub = await TestHub.start(new Date(), server);
}, 60_000);

afterAll(() => hub?.stop());

const pod = (name: string): JsonObject =>
  objectsOf(`
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec: { hostPID: true, containers: [{ name: a, image: 'x:1', securityContext: { privileged: true } }] }`)[0] as JsonObject;

/** What is kept of the pods of a cluster: their names, how many of them are found to be privileged, and how many of their changes. */
async function kept(name: string) {
  const { rows } = await hub.store.pool
    .query<{ state: string; reason: string | null; pods: string[]; found: string[]; changed: string[] }>(
      `select state, reason,
         (select coalesce(array_agg(r.name order by r.name), '{}') from resource r where r.cluster_id = c.id and r.kind = 'Pod') as pods,
         (select coalesce(array_agg(f.name order by f.name), '{}') from finding f
            where f.cluster_id = c.id and f.control = 'privileged-container') as found,
         (select coalesce(array_agg(h.name order by h.name), '{}') from change h where h.cluster_id = c.id and h.kind = 'Pod') as changed
       from cluster c where name = $1`,
      [name],
    )
    .catch(() => ({ rows: [] }));
  return rows[0];
}

it('a cluster in which nothing happens is read anew where the database goes back to an earlier state, which is said', async () => {
  const api = await fakeApiServer({ bookmarkMs: 100, objects: [pod('first')] });
  onTestFinished(() => api.stop());
  const { said, held } = watchByContext(hub, 'quiet', { server: api.url });
  await expect.poll(() => kept('quiet'), WITHIN).toMatchObject({ state: 'live', found: ['first'] });
  await server.keep();
  api.upsert(pod('second'));
  const whole = {
    ...{ state: 'live', reason: null },
    ...{ pods: ['first', 'second'], found: ['first', 'second'], changed: ['second'] },
  };
  await expect.poll(() => kept('quiet'), WITHIN).toEqual(whole);

  await server.goBack();
  await expect
    .poll(() => kept('quiet'), WITHIN)
    .toMatchObject({ pods: ['first'], found: ['first'], changed: [] });

  await expect.poll(() => kept('quiet'), WITHIN).toEqual(whole);
  await expect.poll(() => held.at(-1), WITHIN).toMatchObject({ fault: undefined });
  expect(held.map(({ fault }) => fault?.reason)).toContain(GONE_BACK);
  expect(said).toContain(`quiet: ${GONE_BACK}`);
}, 180_000);
