import { contentHash, type JsonObject } from '@bulwark/core';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { poolOf } from '../server.testing.ts';
import { type TestDatabases, testDatabases } from '../shared-server.testing.ts';
import { digestOf } from './row-digest.ts';
import { storableJson } from './storable-json.ts';

let databases: TestDatabases;
let pool: Pool;

beforeAll(async () => {
  databases = await testDatabases();
  pool = poolOf(await databases.database('names'));
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await databases?.drop();
});

/** Any text, also what no database keeps as it is. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 4 }),
  fc.constantFrom('\0', '\ud800', '\udc00a', '\ufffd', '\\u0000', '\\\0', '__proto__', '1', '01'),
);
const { value } = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const contents = fc.array(
  fc.dictionary(text, value, { maxKeys: 5, noNullPrototype: true }) as fc.Arbitrary<JsonObject>,
  { minLength: 20, maxLength: 60 },
);

/** Contents as they are read back. */
async function stored(written: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const { rows } = await pool.query<{ content: JsonObject }>(
    'select content from json_to_recordset($1) as x(place int, content jsonb) order by place',
    [storableJson(written.map((content, place) => ({ place, content })))],
  );
  return rows.map(({ content }) => content);
}

it('what is read back has the name that it had before it was stored', async () => {
  await fc.assert(
    fc.asyncProperty(contents, async (written) => {
      expect((await stored(written)).map(contentHash)).toEqual(written.map(contentHash));
    }),
  );
});

const ROW = {
  ...{
    bodyHash: '0'.repeat(32),
    uid: 'u',
    apiVersion: 'v1',
    ownerKind: 'Pod',
    ownerName: 'web',
    isWorkload: true,
  },
  ...{ instance: { metadata: { name: 'web' } }, team: 'a\0', contacts: undefined },
  ...{ environment: undefined, criticality: undefined },
};

it('a row has the name of what is stored of it', () => {
  const read = { ...ROW, team: 'a\ufffd', contacts: null, environment: null, criticality: null } as never;

  expect(digestOf(read)).toBe(digestOf(ROW));
});

it.each<Partial<Parameters<typeof digestOf>[0]>>([
  ...[
    { bodyHash: '1'.repeat(32) },
    { uid: 'v' },
    { apiVersion: 'v2' },
    { ownerKind: 'Job' },
    { ownerName: 'other' },
  ],
  ...[{ instance: {} }, { isWorkload: false }, { team: undefined }, { contacts: ['ann'] }],
  ...[{ environment: 'prod' }, { criticality: 'high' }],
])('a row with %j is another one', (other) => {
  expect(digestOf({ ...ROW, ...other })).not.toBe(digestOf(ROW));
});
