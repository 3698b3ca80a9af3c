import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const COLUMNS = 'id, is_resolved, fingerprint, control, severity, kind, namespace, name, message';
const ROWS = `(values (1, false), (2, true)) as x(id, is_resolved)`;
const ROW = `id, is_resolved, gen_random_uuid(), 'c', 3, 'Pod', 'shop', 'web', 'm'`;

itOfStep(
  '0044-held-findings',
  'takes what is on its way for what was not there before where it is opened, and was where it is resolved',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into notice (${COLUMNS}, cluster_id, is_first) overriding system value select ${ROW}, 1, false from ${ROWS}`,
    );
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
       d as (
         insert into delivery (channel_id, topic, key, state, at, due)
         select id, 'digest', 'k', 'gathering', now(), now() from c returning id
       )
       insert into delivery_item (delivery_id, ${COLUMNS}) select (select id from d), ${ROW} from ${ROWS}`,
    );

    await apply();

    for (const table of ['notice', 'delivery_item']) {
      const { rows } = await pool.query(`select is_resolved, was, was_accepted from ${table} order by id`);
      expect(rows).toEqual([
        { is_resolved: false, was: null, was_accepted: false },
        { is_resolved: true, was: 3, was_accepted: false },
      ]);
    }
    expect((await pool.query('select from held_finding')).rowCount).toBe(0);
  },
);
