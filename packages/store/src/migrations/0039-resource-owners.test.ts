import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep(
  '0039-resource-owners',
  'keeps objects, and has an order of them by owner',
  async ({ pool, apply }) => {
    const before = await pool.query('select count(*)::int as count from resource');

    await apply();

    expect((await pool.query('select count(*)::int as count from resource')).rows).toEqual(before.rows);
    const { rows } = await pool.query("select indexname from pg_indexes where indexname = 'resource_team'");
    expect(rows).toHaveLength(1);
  },
);
