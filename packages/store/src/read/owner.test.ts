import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES, TESTED_VERSIONS } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { OWNER, ownerKey } from './owner.ts';

describe('an owner', () => {
  it.each([
    ['Payments', 'payments'],
    ['#PAY-Team', '#pay-team'],
    ['Équipe', 'Équipe'],
    ['', ''],
    [null, ''],
  ])('that is written %j is known as %j', (written, key) => {
    expect(ownerKey(written)).toBe(key);
  });
});

describe.each(TESTED_VERSIONS)('to PostgreSQL $major an owner', ({ isThere, platform }) => {
  let databases: TestDatabases;

  beforeAll(async () => {
    if (isThere) databases = await testDatabases(platform);
  }, 60_000);

  afterAll(() => databases?.drop());

  it.skipIf(!isThere).each(LOCALES)('is the same in the locale %s, whatever is written', async (locale) => {
    const url = await databases.database(`owners_${LOCALES.indexOf(locale)}`, locale);
    const store = await openStore({ url, now: new Date('2026-11-26T12:00:00Z') });
    try {
      const written = fc
        .string({ unit: 'grapheme' })
        .filter((text) => !text.includes('\0') && text.isWellFormed());
      await fc.assert(
        fc.asyncProperty(written, async (team) => {
          expect(await keysOf(store, team)).toEqual([ownerKey(team), ownerKey(team)]);
        }),
        { numRuns: 200, examples: [['ÉQUIPE'], ['INGRESS'], ['İı']] },
      );
      expect(await keysOf(store, null)).toEqual(['', '']);
    } finally {
      await store.close();
    }
  });
});

/** As findings keep it, and as objects do. */
async function keysOf(store: Store, team: string | null): Promise<readonly (string | undefined)[]> {
  const { rows } = await sql<{ finding: string; object: string }>`
    select (select ${OWNER} from (select ${team}::text collate "C" as team) t) as finding,
      (select ${OWNER} from (select ${team}::text as team) t) as object`.execute(store.db);
  return [rows[0]?.finding, rows[0]?.object];
}
