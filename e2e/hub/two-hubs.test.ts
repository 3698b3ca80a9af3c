import { join } from 'node:path';
import { FakeApiServer } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { type OwnDatabase, ownDatabase } from './own-database.testing.ts';
import { eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 180_000;
const TEST_MS = 300_000;
const WITHIN_MS = 120_000;

describe('two hubs on one database', () => {
  const hubs: RunningHub[] = [];
  let database: OwnDatabase;
  let kubeconfig: string;
  let server: FakeApiServer;

  async function start(): Promise<RunningHub> {
    const hub = await RunningHub.start({ kubeconfig, args: database.args });
    hubs.push(hub);
    return hub;
  }

  beforeAll(async () => {
    database = await ownDatabase();
    server = await FakeApiServer.start({ objects: [PRIVILEGED_POD('first') as never] });
    const file = join(database.folder, 'kubeconfig');
    kubeconfig = writeKubeconfig(file, { name: 'shop', cluster: { server: server.url } });
  }, START_MS);

  afterAll(async () => {
    await Promise.all(hubs.map((hub) => hub.remove()));
    await server?.stop();
    await database?.remove();
  }, START_MS);

  /** What health says of the duties, and whether metrics say the same. */
  async function duties(hub: RunningHub): Promise<Readonly<Record<string, string>>> {
    const { checks } = await hub.call('health', {});
    const metrics = await hub.text('/metrics');
    const held = (labels: string): string => metrics.split(`bulwark_duty_held{${labels}} `)[1]?.[0] ?? '';
    const said = new Map(checks.map(({ name, detail }) => [name, detail]));
    return {
      watching: said.get('watching shop') ?? '',
      upkeep: said.get('messages and upkeep') ?? '',
      metrics: held('duty="watching",cluster="shop"') + held('duty="upkeep",cluster=""'),
    };
  }

  async function has(hub: RunningHub, expected: object): Promise<void> {
    await eventually(
      'the duties are had',
      async () => {
        expect(await duties(hub)).toEqual(expected);
        return true;
      },
      WITHIN_MS,
    );
  }

  /** Waits until a hub shows a finding about a pod, or none. */
  async function shows(hub: RunningHub, name: string): Promise<void> {
    await eventually(
      `${name} is shown`,
      async () => (await hub.all('listFindings', `name:${name}`)).length > 0 || undefined,
      WITHIN_MS,
    );
  }

  const OURS = { watching: 'done by this hub.', upkeep: 'done by this hub.', metrics: '11' };
  const ANOTHER = expect.stringMatching(
    /^done by another hub \(\S+, process \d+\); this one stands by\.$/,
  ) as string;
  const STANDBY = { watching: ANOTHER, upkeep: ANOTHER, metrics: '00' };

  it(
    'has one that works; the other shows what that one writes, takes its place when it is killed, and the next stands by',
    async () => {
      const first = await start();
      await has(first, OURS);
      const second = await start();
      await has(second, STANDBY);
      expect(second.output).toMatch(
        /Watching shop: done by another hub \(\S+, process \d+\); this one stands by\./,
      );
      await shows(second, 'first');
      const known = (await second.all('listFindings')).map(({ fingerprint }) => fingerprint);
      expect((await first.all('listFindings')).map(({ fingerprint }) => fingerprint)).toEqual(known);

      await first.kill();
      server.upsert(PRIVILEGED_POD('meanwhile') as never);
      await has(second, OURS);
      expect(second.output).toContain('Watching shop: done by this hub.');
      expect(second.output).toContain('Messages and upkeep: done by this hub.');
      await shows(second, 'meanwhile');
      // Taking over neither resolves nor opens anything anew.
      const { rows } = await database.store.pool.query<{ fingerprint: string }>(
        'select fingerprint::text from finding_past union all select fingerprint::text from finding where first_seen <> valid_from',
      );
      expect(rows).toEqual([]);
      const now = (await second.all('listFindings')).map(({ fingerprint }) => fingerprint);
      expect(now).toEqual(expect.arrayContaining(known));

      await has(await start(), STANDBY);
    },
    TEST_MS,
  );

  it(
    'have one that writes, whichever has the lease after the connections of both were cut',
    async () => {
      await database.store.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      const [, second, third] = hubs;
      if (second === undefined || third === undefined) throw new Error('the test before starts them');
      server.upsert(PRIVILEGED_POD('after-the-cut') as never);

      await shows(second, 'after-the-cut');
      await shows(third, 'after-the-cut');
      await eventually(
        'one of them has each duty',
        async () => {
          const [one = '', other = ''] = [await duties(second), await duties(third)].map(
            ({ metrics }) => metrics,
          );
          const each = [0, 1].map((duty) => Number(one[duty]) + Number(other[duty]));
          expect(each).toEqual([1, 1]);
          return true;
        },
        WITHIN_MS,
      );
    },
    TEST_MS,
  );
});
