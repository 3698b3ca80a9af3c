import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settingOf } from '../access/settings.ts';
import { TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { maskStored } from './mask-stored.ts';
import { MASKS } from './masks.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
/** Of parts, so that no scanner takes this file for a leak. */
const TOKEN = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
const UUID = '00000000-0000-0000-0000-000000000001';
const OBJECT = { spec: { containers: [{ command: ['sh', '-c', 'echo root:w0nderland | chpasswd'] }] } };

const COLUMNS =
  'cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, instance, labels, is_workload, images, service_account, first_seen, valid_from';
const VALUES = `'Pod', 'shop', 'web', 'v1', 'u', 'Pod', 'web', '${UUID}', '{"metadata":{"annotations":{"a":"${TOKEN}"}}}', '{"a":"${TOKEN}"}', true, '{r/${TOKEN}/a,b}', 'default', now(), now()`;

const DECISION = `{"id": null, "reason": "as ${TOKEN} says", "owner": "team ${TOKEN}", "until": null, "origin": "annotation"}`;
const FINDING =
  'cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, path, message';
const FOUND = `1, '${UUID}', 'c', 3, 'Pod', 'v1', 'shop', 'web', 'p', 'It runs ${TOKEN}.'`;
const ACTOR = `{"user": "ann", "groups": ["dev"], "userAgent": "curl ${TOKEN}", "managers": ["${TOKEN}"], "others": [{"user": "bob", "groups": [], "userAgent": "${TOKEN}"}]}`;
const ITEM = 'id, is_resolved, fingerprint, control, severity, kind, namespace, name, message';
const TOLD = `1, false, '${UUID}', 'c', 3, 'Pod', 'shop', 'web', 'It runs ${TOKEN}.'`;

/** A row of each other table that is looked through: 15, and 1 of build_object. */
const OTHERS = [
  `insert into change (cluster_id, at, kind, namespace, name, api_version, verb, actor)
   values (1, '2026-11-26', 'Pod', 'shop', 'web', 'v1', 'changed', '${ACTOR}')`,
  `insert into audit_event (cluster_id, id, audit_id, effect, kind, namespace, name, received, done, manager, actor, arrived)
   values (1, '${UUID}', 'a', 'changed', 'Pod', 'shop', 'web', now(), now(), '${TOKEN}', '${ACTOR}', now())`,
  `insert into finding (${FINDING}, fixable, first_seen, valid_from, digest, exception, requested, as_made)
   values (${FOUND}, false, now(), now(), '${UUID}', '${DECISION}', '${DECISION}', '{"accepted": ${DECISION}}')`,
  `insert into finding_past (${FINDING}, fixable, first_seen, valid_from, valid_to, is_resolved, exception, requested, team, environment)
   values (${FOUND}, false, now(), now(), '2026-11-26', true, '${DECISION}', '${DECISION}', '${TOKEN}', '${TOKEN}')`,
  `insert into counter (cluster_id, namespace, control, kind, severity, team, environment, criticality, open, excepted, fixable, objects,
     example, fixable_example)
   values (1, 'shop', 'c', 'Pod', 3, '', '', '', 1, 0, 1, 1, 'It runs ${TOKEN}.', 'It runs ${TOKEN}.')`,
  `insert into object_counter (cluster_id, namespace, name, kind, team, environment, criticality, counts, open, excepted, worst, example,
     fixable_example)
   values (1, 'shop', 'web', 'Pod', '', '', '', '{0,0,0,1,0}', 1, 0, 3, '{NULL,It runs ${TOKEN}.}', '{}')`,
  `insert into notice (cluster_id, is_first, ${ITEM}) overriding system value
   select 1, false, ${TOLD}`,
  `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
   d as (insert into delivery (channel_id, cluster_id, topic, key, state, at, due, message, answer, recipient)
     select id, 1, 'digest', '', 'sent', now(), now(), '{"title": "A", "items": [{"text": "It runs ${TOKEN}."}]}', '200 ${TOKEN}', '${TOKEN}' from c
     returning id)
   insert into delivery_item (delivery_id, ${ITEM}) select id, ${TOLD} from d`,
  `insert into build_object (record_id, kind, namespace, name, hash, images)
   select id, 'Pod', 'shop', 'web', 'h', '{r/${TOKEN}/a,b}' from build_record`,
  `insert into build_image (record_id, name, digest, made)
   select id, name, 'sha256:0', true from build_record, unnest(array['r/${TOKEN}/a', 'b']) as name`,
  `insert into saved_view (list, name, owner, is_shared, view, created_at)
   values ('findings', 'of ${TOKEN}', 'ann', true, '{"q": "${TOKEN}", "cluster": 1}', now())`,
  `insert into exception (scope, reason, owner, state, created_by, created_at, revoked_because, query)
   values ('{}', 'as ${TOKEN} says', '${TOKEN}', 'revoked', 'ann', now(), 'as ${TOKEN} says', '${TOKEN}')`,
];
/** One of each but of the bodies, of which there are fifty, and two of deliveries. */
const ROWS = 50 + 5 + 13;

describe.each(TESTED_VERSIONS)(
  'what earlier versions stored, on PostgreSQL $major',
  ({ isThere, platform }) => {
    let databases: TestDatabases;
    let store: Store;
    let count = 0;

    beforeAll(async () => {
      if (isThere) databases = await testDatabases(platform);
    }, 120_000);
    beforeEach(async () => {
      if (isThere) store = await openStore({ url: await databases.database(`masked${count++}`), now: NOW });
    });
    afterEach(() => store?.close());
    afterAll(() => databases?.drop());

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
      for (const sql of OTHERS) await store.pool.query(sql);
    }

    async function stored(): Promise<string> {
      const tables = Object.keys(MASKS);
      const { rows } = await store.pool.query<{ text: string }>(
        tables.map((table) => `select '${table} ' || t::text as text from ${table} t`).join(' union all '),
      );
      return rows
        .map(({ text }) => text.replaceAll('""', '"'))
        .filter((text) => !text.includes('1.5'))
        .join('\n');
    }

    it.skipIf(!isThere)('is without what this one takes for a secret, and otherwise as it was', async () => {
      await fill();
      const before = await store.pool.query(
        "select hash from body where content -> 'spec' ->> 'n' = '1.5' order by 1",
      );

      expect(await mask('2.0.0')).toBe(ROWS);

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
        'It runs [redacted].',
        '"reason": "as [redacted] says"',
        '"owner": "team [redacted]"',
        '"user": "ann", "groups": ["dev"]',
        '"cluster": 1',
        'of [redacted]',
        '200 [redacted]',
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
      expect(await mask('2.0.1')).toBe(ROWS);
      expect(await mask('2.0.1')).toBeUndefined();
    });

    it.skipIf(!isThere)('says what is left of two that were told apart by a secret', async () => {
      for (const token of [1, 2].map((last) => `${TOKEN.slice(0, -1)}${last}`))
        await store.pool.query(
          `insert into saved_view (list, name, owner, is_shared, view, created_at) values ('findings', $1, 'ann', true, '{}', now())`,
          [`of ${token}`],
        );

      expect(await mask('2.0.0')).toBe(2);

      const { rows } = await store.pool.query<{ name: string }>('select name from saved_view order by id');
      expect(rows.map(({ name }) => name)).toEqual([
        'of [redacted]',
        expect.stringMatching(/^of \[redacted\] [0-9a-f]{4}$/),
      ]);
    });

    it.skipIf(!isThere)(
      'keeps what was answered where the same is asked anew without the secret',
      async () => {
        const ask = (reason: string, state: string) =>
          store.pool.query(
            `insert into exception (scope, reason, state, created_by, created_at, approved_by, cluster_id, kind, namespace, name, control, annotation)
           values ('{}', $1, $2, '', now(), 'bob', 1, 'Pod', 'shop', 'web', 'c', 'a')`,
            [reason, state],
          );
        await ask(`as ${TOKEN} says`, 'active');
        await ask('as [redacted] says', 'requested');

        expect(await mask('2.0.0')).toBe(1);

        expect((await store.pool.query('select id, reason, state from exception')).rows).toEqual([
          { id: 1, reason: 'as [redacted] says', state: 'active' },
        ]);
      },
    );

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
      expect(changed).toBe(ROWS);
      expect(await stored()).not.toContain(TOKEN);
      expect(await settingOf(store, 'masked')).toEqual({ version: '2.0.0' });
    });
  },
);
