import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.testing.ts';
import { openStore, type Store } from '../store.ts';
import { OWNER, OWNER_OF_OBJECT, ownerKey } from './owner.ts';

let server: TestServer;
let store: Store;

beforeAll(async () => {
  server = await startTestServer();
  store = await openStore({
    url: await server.database('owners'),
    now: new Date('2026-11-26T12:00:00Z'),
  });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
});

/** As findings keep it, and as objects do. */
async function keysOf(team: string | null): Promise<readonly (string | undefined)[]> {
  const { rows } = await sql<{ finding: string; object: string }>`
    select (select ${OWNER} from (select ${team}::text collate "C" as team) t) as finding,
      (select ${OWNER_OF_OBJECT} from (select ${team}::text as team) t) as object`.execute(store.db);
  return [rows[0]?.finding, rows[0]?.object];
}

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

  it('is the same to the database, for findings and for objects, whatever is written', async () => {
    const written = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(written, async (team) => {
        expect(await keysOf(team)).toEqual([ownerKey(team), ownerKey(team)]);
      }),
      { numRuns: 200 },
    );
    expect(await keysOf(null)).toEqual(['', '']);
  });
});
