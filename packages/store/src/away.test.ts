import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.testing.ts';
import { isAway, openStore } from './store.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

describe('a database', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  }, 60_000);

  afterAll(() => server?.stop());

  it('that has no connection left is away', async () => {
    const url = (await server.database('taken')).reveal();
    const clients: pg.Client[] = [];
    let refusal: unknown;
    while (refusal === undefined && clients.length < 100) {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      clients.push(client);
      refusal = await client.connect().then(
        () => undefined,
        (error: unknown) => error,
      );
    }
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));

    expect(refusal).toMatchObject({ code: '53300' });
    expect(isAway(refusal)).toBe(true);
  });

  it('that only reads is away for what is to be written', async () => {
    const store = await openStore({ url: await server.database('reads'), now: NOW });
    await store.pool.query('set default_transaction_read_only = on');
    const refusal: unknown = await store.pool.query('delete from setting').catch((error: unknown) => error);
    await store.close();

    expect(refusal).toMatchObject({ code: '25006' });
    expect(isAway(refusal)).toBe(true);
  });

  it.each([
    { code: '53100', what: 'with a full disk', expected: true },
    { code: '57P01', what: 'that is being stopped', expected: true },
    { code: '28P01', what: 'that takes the password no more', expected: true },
    { code: 'ECONNREFUSED', what: 'that does not listen', expected: true },
    { code: '42601', what: 'that was asked wrongly', expected: false },
    { code: '23505', what: 'that has a row already', expected: false },
    { code: '57014', what: 'that took too long', expected: false },
    { code: 'ERR_INVALID_ARG_TYPE', what: 'that was never asked', expected: false },
  ])('$what is away: $expected', ({ code, expected }) => {
    expect(isAway(Object.assign(new Error('x'), { code }))).toBe(expected);
  });
});
