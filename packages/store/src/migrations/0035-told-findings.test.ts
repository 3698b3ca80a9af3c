import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0035-told-findings',
  'keeps messages on their way, which go to all their readers',
  async ({ pool, apply }) => {
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id)
       insert into delivery (channel_id, topic, key, state, message, at, due)
       select id, 'digest', '1 digest', 'waiting', '{"title": "t"}', now(), now() from c`,
    );

    await apply();

    const { rows } = await pool.query('select state, left_to, message from delivery');
    expect(rows).toEqual([{ state: 'waiting', left_to: null, message: { title: 't' } }]);
    await pool.query(
      `insert into told_finding select id, '00000000-0000-0000-0000-000000000001' from delivery`,
    );
    await pool.query('delete from channel');
    expect((await pool.query('select from told_finding')).rowCount).toBe(0);
  },
);
