import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0084-last-write', 'gives each cluster a last write of its own', async ({ pool, apply }) => {
  await pool.query(`insert into cluster (uid, ca_hash, name, server, first_seen)
    select name, name, name, '', now() from unnest('{a,b}'::text[]) name`);

  await apply();

  const { rows } = await pool.query('select distinct last_write from cluster where last_write is not null');
  expect(rows).toHaveLength(2);
});
