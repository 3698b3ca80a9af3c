import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settingOf } from '../access/settings.ts';
import { startTestServer, TESTED_VERSIONS, type TestServer } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { maskStored } from './mask-stored.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
/** Of parts, so that no scanner takes this file for a leak. */
const TOKEN = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
const UUID = '00000000-0000-0000-0000-000000000001';
const OBJECT = { spec: { containers: [{ command: ['sh', '-c', 'echo root:w0nderland | chpasswd'] }] } };

const COLUMNS =
  'cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, instance, labels, is_workload, images, service_account, first_seen, valid_from';
const VALUES = `'Pod', 'shop', 'web', 'v1', 'u', 'Pod', 'web', '${UUID}', '{"metadata":{"annotations":{"a":"${TOKEN}"}}}', '{"a":"${TOKEN}"}', true, '{r/${TOKEN}/a,b}', 'default', now(), now()`;

describe.each(TESTED_VERSIONS)(
  'what earlier versions stored, on PostgreSQL $major',
  ({ isThere, platform }) => {
    let server: TestServer;
    let store: Store;
    let count = 0;

    beforeAll(async () => {
      if (isThere) server = await startTestServer({ platform });
    }, 120_000);
    beforeEach(async () => {
      if (isThere) store = await openStore({ url: await server.database(`masked${count++}`), now: NOW });
    });
    afterEach(() => store?.close());
    afterAll(() => server?.stop());

    const mask = (version: string, isStopped = () => false) => maskStored(store, { version, isStopped });

    async function fill(): Promise<void> {
      await store.pool.query(
        `insert into body (cluster_id, hash, content) select 1, gen_random_uuid(),
         case when n % 100 = 0 then $1::jsonb else '{"spec":{"n":1.5}}' end from generate_series(1, 5000) n`,
        [JSON.stringify(OBJECT)],
      );
      await store.pool.query(`insert into resource (${COLUMNS}, digest) values (1, ${VALUES}, '${UUID}')`);
      await store.pool.query(
        `insert into resource_past (${COLUMNS}, valid_to) values (1, ${VALUES}, '2026-11-26')`,
      );
      await store.pool.query(
        `with made as (insert into build_manifest (hash, content) values ('h', $1))
       insert into build_record (digest, repository, commit, ref, run, author, system, verdict, fail_on, controls, counts, at,
         received_at, posted_by)
       values ('d', 'git.example/${TOKEN}', 'c', null, 'https://a:b@ci.example/1', '${TOKEN}', 'other', 'passed', 'high', 1,
         '{0,0,0,0,0}', now(), now(), 'ci')`,
        [JSON.stringify(OBJECT)],
      );
      await store.pool.query(
        `insert into comment (cluster_id, fingerprint, author, at, text) values (1, '${UUID}', 'ann', now(), 'see ${TOKEN}')`,
      );
    }

    async function stored(): Promise<string> {
      const tables = ['body', 'resource', 'resource_past', 'build_manifest', 'build_record', 'comment'];
      const { rows } = await store.pool.query<{ text: string }>(
        tables.map((table) => `select '${table} ' || t::text as text from ${table} t`).join(' union all '),
      );
      return rows
        .map(({ text }) => text)
        .filter((text) => !text.includes('1.5'))
        .join('\n');
    }

    it.skipIf(!isThere)('is without what this one takes for a secret, and otherwise as it was', async () => {
      await fill();
      const before = await store.pool.query(
        "select hash from body where content -> 'spec' ->> 'n' = '1.5' order by 1",
      );

      expect(await mask('2.0.0')).toBe(50 + 1 + 1 + 1 + 1 + 1);

      const text = await stored();
      expect(text).not.toContain('w0nderland');
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain('a:b@');
      for (const kept of [
        'git.example/[redacted]',
        'https://ci.example/1',
        'see [redacted]',
        '{[redacted],b}',
        '"sh"',
      ])
        expect(text).toContain(kept);
      const { rows } = await store.pool.query(
        "select hash from body where content -> 'spec' ->> 'n' = '1.5' order by 1",
      );
      expect(rows).toEqual(before.rows);
    });

    it.skipIf(!isThere)('is looked through once by each version', async () => {
      expect(await mask('2.0.0')).toBe(0);
      await fill();

      expect(await mask('2.0.0')).toBeUndefined();
      expect(await stored()).toContain(TOKEN);
      expect(await mask('2.0.1')).toBe(55);
      expect(await mask('2.0.1')).toBeUndefined();
    });

    it.skipIf(!isThere)('is looked through to its end when that is broken off again and again', async () => {
      await fill();
      let rounds = 0;
      let changed = 0;
      for (let isDone = false; !isDone; rounds++) {
        let pages = 0;
        const found = await mask('2.0.0', () => pages++ >= 1);
        isDone = found === undefined;
        changed += found ?? 0;
      }

      expect(rounds).toBeGreaterThan(5);
      expect(changed).toBe(55);
      expect(await stored()).not.toContain(TOKEN);
      expect(await settingOf(store, 'masked')).toEqual({ version: '2.0.0' });
    });
  },
);
