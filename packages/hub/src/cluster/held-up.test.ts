import type { JsonObject } from '@bulwark/core';
import { fakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { clusterChecks } from '../handlers/cluster-checks.ts';
import { TestHub } from '../handlers/test-cluster.ts';
import { watchByContext } from './watch-kubernetes.testing.ts';
import { objectsOf } from './watched.testing.ts';

const WITHIN = { timeout: 40_000 };
const SECRET = 'correct-horse-battery-staple';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(() => hub?.stop());

const settings = (name: string, value = 'x'): JsonObject =>
  objectsOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: shop }
data: { value: '${value}' }`)[0] as JsonObject;

/** A cluster that is watched as a hub watches it, until the test ends. */
async function watched(name: string) {
  const server = await fakeApiServer({ bookmarkMs: 100, objects: [settings('first')] });
  onTestFinished(() => server.stop());
  const { said, held } = watchByContext(hub, name, { server: server.url });
  /** How the cluster stands: as it is stored, as health has it, and which of its objects are recorded. */
  const standing = async () => {
    const { rows } = await hub.store.pool.query<{
      id: number;
      state: string;
      reason: string | null;
      names: string[];
    }>(
      `select id, state, reason, (select coalesce(array_agg(r.name order by r.name), '{}') from resource r
         where r.cluster_id = c.id and r.kind = 'ConfigMap') as names from cluster c where name = $1`,
      [name],
    );
    const health = (await clusterChecks(hub.store)).find((check) => check.name === `cluster ${name}`);
    const { state, reason, names } = rows[0] ?? { state: '', reason: null, names: [] };
    return { state, reason, names, health: health?.status };
  };
  await expect.poll(standing, WITHIN).toMatchObject({ state: 'live', names: ['first'], health: 'ok' });
  return { server, said, held, standing };
}

/** Has every row of a table that is to be written fail with a code of PostgreSQL, until it is ended. */
async function failing(code: string, table = 'resource'): Promise<() => Promise<void>> {
  const { pool } = hub.store;
  await pool.query(
    `create or replace function fail() returns trigger language plpgsql as
     $$ begin raise exception using errcode = '${code}', message = '${SECRET} ' || new.name; end $$`,
  );
  await pool.query(
    `create trigger failing before insert or update on ${table} for each row execute function fail()`,
  );
  const end = async (): Promise<void> => {
    await pool.query(`drop trigger if exists failing on ${table}`);
  };
  onTestFinished(end);
  return end;
}

describe('a cluster of which nothing is written', () => {
  it.each([
    {
      what: 'the disk of the database is full',
      code: '53100',
      reason:
        'The database takes nothing: its disk is full (53100). Give it space. What is seen waits, and is written then.',
    },
    {
      what: 'the database fails in what is not of a row',
      code: 'XX000',
      reason:
        'The database refuses what is to be written: it failed itself, or its files are damaged (XX000). Look into its log.',
    },
  ])(
    'as $what is stale, with the reason and without what was to be written, until all of it is written',
    async ({ code, reason }) => {
      const { server, said, held, standing } = await watched(`with-${code.toLowerCase()}`);
      const end = await failing(code);
      server.upsert(settings('second'));
      await expect
        .poll(standing, WITHIN)
        .toEqual({ state: 'stale', reason, names: ['first'], health: 'degraded' });
      // Whatever is tried meanwhile: one reason stays.
      const seen = new Set<string>();
      for (let looks = 0; looks < 40; looks++) {
        const { state, reason: why } = await standing();
        seen.add(`${state}: ${why}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      expect([...seen]).toEqual([`stale: ${reason}`]);
      expect(held.map(({ fault }) => fault?.reason)).toEqual([reason]);

      server.upsert(settings('third'));
      await end();

      await expect
        .poll(standing, WITHIN)
        .toEqual({ state: 'live', reason: null, names: ['first', 'second', 'third'], health: 'ok' });
      await expect.poll(() => held.at(-1)?.fault, WITHIN).toBe(undefined);
      expect(said.some((text) => text.includes(reason))).toBe(true);
      expect(said.join('\n')).not.toContain(SECRET);
    },
    120_000,
  );

  it('is stale where this hub is asked, though the database takes no word of it', async () => {
    const { server, standing } = await watched('closed');
    const ends = [await failing('53100', 'resource'), await failing('53100', 'cluster')];
    server.upsert(settings('second'));

    await expect.poll(standing, WITHIN).toMatchObject({ state: 'live', health: 'degraded' });
    for (const end of ends) await end();

    await expect
      .poll(standing, WITHIN)
      .toMatchObject({ state: 'live', names: ['first', 'second'], health: 'ok' });
  }, 120_000);

  it('is told of at the next look where nothing changes and the cluster answers, and seen as of then once it is written', async () => {
    const quiet = await hub.cluster('quiet', { Service: 'live' });
    await quiet.flush();
    const end = await failing('53100', 'cluster');
    const at = new Date(hub.now.getTime() + 60_000);

    quiet.answers(at);
    await quiet.tick();
    await expect.poll(() => hub.toldFaults, WITHIN).toMatchObject([{ isWhole: true }]);

    await end();
    await expect.poll(() => hub.toldFaults, WITHIN).toMatchObject([{ isWhole: true }, undefined]);
    expect(await quiet.rows('select last_seen as at from cluster where id = $1')).toEqual([{ at }]);
  });
});
