import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0015-channel-makers',
  'keeps the channels that were there, of which nobody knows who made them',
  async ({ pool, apply }) => {
    await pool.query(
      `insert into channel (name, type, settings, secrets, created_at) values ('chat', 'slack', '{}', '', now())`,
    );

    await apply();

    const { rows } = await pool.query('select name, created_by from channel');
    expect(rows).toEqual([{ name: 'chat', created_by: null }]);
  },
);
