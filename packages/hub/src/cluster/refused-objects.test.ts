import type { JsonObject } from '@bulwark/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { objectsOf, WatchedCluster } from './watched.testing.ts';

const WITHIN = { timeout: 30_000 };
const MINUTES = 60_000;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date());
}, 60_000);

afterAll(() => hub?.stop());

const pod = (name: string, image = 'x:1'): JsonObject =>
  objectsOf(`
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, uid: ${name} }
spec: { hostPID: true, containers: [{ name: a, image: "${image}", securityContext: { privileged: true } }] }
status: { phase: Running }`)[0] as JsonObject;

/** Has the database refuse rows for what they are, until the test ends or says so. */
async function refuse(table: string, rule: string): Promise<() => Promise<void>> {
  const { pool } = hub.store;
  await pool.query(`alter table ${table} add constraint refused check (${rule}) not valid`);
  const allow = async (): Promise<void> => {
    await pool.query(`alter table ${table} drop constraint if exists refused`);
  };
  onTestFinished(allow);
  return allow;
}

interface Recorded {
  readonly pods: readonly string[];
  /** Objects that something is found in. */
  readonly found: readonly string[];
  readonly gaps: readonly { readonly subject: string; readonly namespace: string; readonly reason: string }[];
}

async function recorded({ id }: WatchedCluster): Promise<Recorded> {
  const { rows } = await hub.store.pool.query<Recorded>(
    `select
       (select coalesce(array_agg(name order by name), '{}') from resource where cluster_id = $1 and kind = 'Pod') as pods,
       (select coalesce(array_agg(distinct name order by name), '{}') from finding where cluster_id = $1 and kind = 'Pod') as found,
       (select coalesce(json_agg(json_build_object('subject', subject, 'namespace', namespace, 'reason', reason)), '[]')
        from coverage where cluster_id = $1 and code = 'unrecorded-object') as gaps`,
    [id],
  );
  return rows[0] as Recorded;
}

const REASON =
  'The database refuses what is to be written in its table resource: a rule of the table forbids it (23514). It is shown as it was before, or not at all, until it changes.';
const GAP = { subject: 'Pod shop/evil', namespace: 'shop', reason: REASON };

describe('an object that the database refuses', () => {
  it('at the first look keeps none of the others from being recorded, and coverage names it until it is gone', async () => {
    await refuse('resource', "name <> 'evil'");
    const names = ['a', 'b', 'c', 'd', 'evil', 'f', 'g'];
    const shop = await WatchedCluster.inTest(
      hub,
      'first',
      names.map((name) => pod(name)),
    );
    await shop.start();
    const others = names.filter((name) => name !== 'evil');

    expect(await recorded(shop)).toEqual({ pods: others, found: others, gaps: [GAP] });

    shop.server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'evil' });
    await expect.poll(() => recorded(shop), WITHIN).toEqual({ pods: others, found: others, gaps: [] });
  }, 60_000);

  it('while others change keeps none of them from being recorded, and is recorded whole once it is taken as it is by then', async () => {
    await refuse('body', "content::text not like '%refused%'");
    const shop = await WatchedCluster.inTest(hub, 'later', [pod('a')]);
    await shop.start();
    shop.server.upsert(pod('evil', 'refused:1'));
    shop.server.upsert(pod('b'));
    await expect
      .poll(() => recorded(shop), WITHIN)
      .toMatchObject({ pods: ['a', 'b'], found: ['a', 'b'], gaps: [{ subject: 'Pod shop/evil' }] });
    shop.server.upsert(pod('c'));
    await expect.poll(() => recorded(shop), WITHIN).toMatchObject({ pods: ['a', 'b', 'c'], gaps: [{}] });

    shop.server.upsert(pod('evil', 'taken:1'));

    const all = ['a', 'b', 'c', 'evil'];
    await expect.poll(() => recorded(shop), WITHIN).toEqual({ pods: all, found: all, gaps: [] });
  }, 60_000);

  it('is tried again by itself, with what was found in it', async () => {
    const allow = await refuse('resource', "name <> 'evil'");
    const shop = await WatchedCluster.inTest(hub, 'again', [pod('a'), pod('evil')]);
    shop.now = new Date();
    await shop.start();
    expect(await recorded(shop)).toEqual({ pods: ['a'], found: ['a'], gaps: [GAP] });

    await allow();
    shop.now = new Date(shop.now.getTime() + 11 * MINUTES);
    await shop.tick();

    expect(await recorded(shop)).toEqual({ pods: ['a', 'evil'], found: ['a', 'evil'], gaps: [] });
    const ranked = 'select name from workload_risk where cluster_id = $1 order by name';
    expect((await hub.store.pool.query(ranked, [shop.id])).rows).toEqual([{ name: 'a' }, { name: 'evil' }]);
  }, 60_000);

  it('that was deleted is tried again by itself, too', async () => {
    const shop = await WatchedCluster.inTest(hub, 'deleted', [pod('a'), pod('evil')]);
    shop.now = new Date();
    await shop.start();
    const { pool } = hub.store;
    await pool.query(`create function keep() returns trigger language plpgsql as
      $$ begin if old.name = 'evil' then raise check_violation; end if; return old; end $$`);
    await pool.query('create trigger keep before delete on resource for each row execute function keep()');
    const allow = () => pool.query('drop function if exists keep cascade');
    onTestFinished(async () => void (await allow()));
    shop.server.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'evil' });
    await expect
      .poll(() => recorded(shop), WITHIN)
      .toMatchObject({ pods: ['a', 'evil'], gaps: [{ subject: 'Pod shop/evil' }] });

    await allow();
    shop.now = new Date(shop.now.getTime() + 11 * MINUTES);
    shop.server.upsert(pod('b'));

    await expect
      .poll(() => recorded(shop), WITHIN)
      .toEqual({ pods: ['a', 'b'], found: ['a', 'b'], gaps: [] });
  }, 60_000);

  it('as it is now is shown as it was before', async () => {
    const shop = await WatchedCluster.inTest(hub, 'kept', [pod('evil'), pod('a')]);
    await shop.start();
    await refuse('body', "content::text not like '%refused%'");
    shop.server.upsert(pod('evil', 'refused:1'));
    await expect.poll(() => recorded(shop), WITHIN).toMatchObject({ gaps: [{ subject: 'Pod shop/evil' }] });

    expect(await recorded(shop)).toMatchObject({ pods: ['a', 'evil'], found: ['a', 'evil'] });
  }, 60_000);

  it('is not blamed where the database refuses very many', async () => {
    await refuse('resource', "kind <> 'Pod'");
    const names = Array.from({ length: 120 }, (_, count) => `pod-${count}`);
    const shop = await WatchedCluster.inTest(
      hub,
      'many',
      names.map((name) => pod(name)),
    );
    const recorder = await shop.begin();

    await expect.poll(() => recorder.failed, WITHIN).toMatchObject({ error: { code: '23514' } });
    expect(await recorded(shop)).toEqual({ pods: [], found: [], gaps: [] });
  }, 60_000);
});
