import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken, useToken } from './access/tokens.ts';
import { isAway } from './away.ts';
import { type TestDatabases, testDatabases } from './shared-server.testing.ts';
import { openStore } from './store.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

describe('a database', () => {
  let databases: TestDatabases;

  beforeAll(async () => {
    databases = await testDatabases();
  }, 60_000);

  afterAll(() => databases?.drop());

  it('that has no connection left is away', async () => {
    const url = (await databases.database('taken')).reveal();
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
    const store = await openStore({ url: await databases.database('reads'), now: NOW });
    await store.pool.query('set default_transaction_read_only = on');
    const refusal: unknown = await store.pool.query('delete from setting').catch((error: unknown) => error);
    await store.close();

    expect(refusal).toMatchObject({ code: '25006' });
    expect(isAway(refusal)).toBe(true);
  });

  it('that only reads knows who asks by a token all the same', async () => {
    const store = await openStore({ url: await databases.database('known'), now: NOW });
    const hash = Buffer.from('hash');
    const expires = new Date(NOW.getTime() + 1000);
    await createToken(store, {
      ...{ hash, name: 'ci', role: 'viewer', limits: { clusters: 'all', namespaces: 'all' } },
      ...{ owner: 'ann', createdAt: NOW, expires },
    });
    await store.pool.query('set default_transaction_read_only = on');
    const token = await useToken(store, hash, NOW);
    await store.close();

    expect(token).toMatchObject({ name: 'ci', lastUsed: null });
  });

  it('is away while a file that its address names cannot be read, whoever waits for a connection then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-away-'));
    const authority = join(folder, 'ca.crt');
    const place = (await databases.database('named')).reveal();
    const url = new Secret(`${place}?sslmode=disable&sslrootcert=${authority}`);
    writeFileSync(authority, '');
    const store = await openStore({ url, now: NOW });
    await store.pool.query('select 1');
    rmSync(authority);
    // The second waits for the one that is free, and then wants another.
    const asked = await Promise.allSettled([1, 2].map(() => store.pool.query('select pg_sleep(0.1)')));
    writeFileSync(authority, '');
    await store.pool.query('select 1');
    await store.close();
    rmSync(folder, { recursive: true });

    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(asked.map((each) => each.status === 'rejected' && isAway(each.reason))).toEqual([false, true]);
  });

  it('whose socket is not there is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-away-'));
    const client = new pg.Client({ host: folder });
    const refusal: unknown = await client.connect().catch((error: unknown) => error);
    rmSync(folder, { recursive: true });

    expect(refusal).toMatchObject({ code: 'ENOENT', syscall: 'connect' });
    expect(isAway(refusal)).toBe(true);
  });

  it('to none of whose addresses a firewall lets anybody connect is away', async () => {
    const lookup: LookupFunction = (_name, _options, found) =>
      found(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]);
    const refusal = await new Promise<AggregateError>((fail) =>
      connect({ host: 'database.example', port: 1, lookup }).once('error', (error) => fail(error as never)),
    );
    for (const each of [refusal, ...refusal.errors]) each.code = 'EPERM';

    expect(refusal).not.toHaveProperty('syscall');
    expect(isAway(refusal)).toBe(true);
  });

  it.each([
    { code: 'ENOENT', what: 'is not there', act: (folder: string) => readFileSync(join(folder, 'none')) },
    { code: 'EISDIR', what: 'is a folder', act: (folder: string) => readFileSync(folder) },
    { code: 'EEXIST', what: 'is there already', act: (folder: string) => mkdirSync(folder) },
    {
      code: 'ENOTDIR',
      what: 'lies in no folder',
      act: (folder: string) => {
        writeFileSync(join(folder, 'file'), '');
        readFileSync(join(folder, 'file', 'more'));
      },
    },
  ])('is not away because a file $what', ({ code, act }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-away-'));
    let refusal: unknown;
    try {
      act(folder);
    } catch (error) {
      refusal = error;
    }
    rmSync(folder, { recursive: true });

    expect(refusal).toMatchObject({ code });
    expect(isAway(refusal)).toBe(false);
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
