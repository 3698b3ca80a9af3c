import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0036-failed-attempts',
  'takes attempts that were made for failed ones, but for one under way',
  async ({ pool, apply }) => {
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id)
       insert into delivery (channel_id, topic, key, state, attempts, at, due)
       select id, 'digest', state, state, attempts, now(), now()
       from c, (values ('gathering', 0), ('waiting', 3), ('sending', 4), ('sending', 1)) as x(state, attempts)`,
    );

    await apply();

    const { rows } = await pool.query('select state, failures from delivery order by id');
    expect(rows).toEqual([
      { state: 'gathering', failures: 0 },
      { state: 'waiting', failures: 3 },
      { state: 'sending', failures: 3 },
      { state: 'sending', failures: 0 },
    ]);
  },
);
