import type { Secret } from '@bulwark/core';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Locale, poolOf, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

/** A database as the step before left it. */
export interface BeforeStep {
  readonly url: Secret<string>;
  readonly pool: Pool;
  /** Applies the step. */
  readonly apply: () => Promise<unknown>;
}

/** Tries a step of the schema on data of the step before, on every major version that is tested. */
export function itOfStep(
  step: string,
  title: string,
  act: (before: BeforeStep) => Promise<void>,
  locale?: Locale,
): void {
  const index = MIGRATIONS.findIndex(({ name }) => name === step);
  if (index < 0) throw new Error(`there is no step ${step}`);
  describe.each(TESTED_VERSIONS)(`the step ${step} on PostgreSQL $major`, ({ isThere, platform }) => {
    let databases: TestDatabases;

    beforeAll(async () => {
      if (isThere) databases = await testDatabases(platform);
    }, 60_000);

    afterAll(() => databases?.drop());

    it.skipIf(!isThere)(title, async () => {
      const url = await databases.database('before', locale);
      const pool = poolOf(url);
      try {
        await migrate(pool, MIGRATIONS.slice(0, index));
        await act({ url, pool, apply: () => migrate(pool, MIGRATIONS.slice(0, index + 1)) });
      } finally {
        await pool.end();
      }
    });
  });
}
