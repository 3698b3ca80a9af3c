import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '@bulwark/api';
import { AppError, Secret } from '@bulwark/core';
import { type EmbeddedServer, openStore, type Store, scopeOf, startEmbedded } from '@bulwark/store';
import { Cable } from '@bulwark/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from '../http/handler.ts';
import { createServer } from '../http/server.ts';
import { EventLog } from '../live/event-log.ts';
import { clusterHandlers } from './clusters.ts';
import { operationHandlers } from './operations.ts';

const START_MS = 180_000;
const NOW = new Date('2026-11-26T10:00:00Z');

describe('a database that is away', () => {
  let folder: string;
  let database: EmbeddedServer;
  let cable: Cable;
  let store: Store;
  let server: FastifyInstance;
  const faults: unknown[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-away-'));
    chmodSync(folder, 0o755);
    database = await startEmbedded({ folder });
    const url = new URL(database.url.reveal());
    cable = await Cable.to(Number(url.port));
    url.port = String(cable.port);
    store = await openStore({ url: new Secret(url.href), now: NOW });
    const refused = Object.keys(ROUTES).map((id) => [
      id,
      () => {
        throw new AppError('not-found');
      },
    ]);
    const handlers = {
      ...Object.fromEntries(refused),
      ...clusterHandlers(store),
      ...operationHandlers({
        store,
        log: new EventLog(() => NOW),
        callerOf: async () => undefined,
        checks: () => [],
        duties: () => [],
        jobs: () => [],
      }),
    } as unknown as Handlers;
    server = await createServer({
      handlers,
      callerOf: async () => ({
        user: 'ann',
        person: 'ann',
        userId: 1,
        role: 'admin',
        limits: { clusters: 'all', namespaces: 'all' },
        scope: scopeOf({ clusters: 'all', namespaces: 'all' }),
        via: 'token',
        countedAs: 'token 1',
        csrf: '',
        expires: NOW,
      }),
      audit: async () => undefined,
      now: () => NOW,
      onFault: (fault) => faults.push(fault),
      isSecure: false,
      version: '1.2.3',
    });
  }, START_MS);

  afterAll(async () => {
    await server?.close();
    await store?.close();
    await cable?.stop();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  async function ask(url: string): Promise<readonly [number, Record<string, unknown>]> {
    const answer = await server.inject(url);
    return [answer.statusCode, answer.json()];
  }

  const READY = [200, { status: 'ok', notReady: [] }];

  it('is what is not ready, with its code, until it answers again; the process lives', async () => {
    expect(await ask('/readyz')).toEqual(READY);

    cable.cut();
    const detail = expect.stringMatching(/^The database does not answer(: E[A-Z]+)?\.$/) as string;
    const notReady = [{ name: 'database', detail }];
    expect(await ask('/readyz')).toEqual([503, { status: 'down', notReady }]);
    expect((await ask('/livez'))[0]).toBe(200);
    expect(await ask('/api/v1/health')).toEqual([
      200,
      { status: 'down', checks: [{ name: 'database', status: 'down', detail }] },
    ]);

    cable.mend();
    expect(await ask('/readyz')).toEqual(READY);
  });

  it('is what every other answer says, and no fault of the hub', async () => {
    cable.cut();
    const [status, problem] = await ask('/api/v1/clusters');
    cable.mend();

    expect([status, problem['code'], problem['title']]).toEqual([
      503,
      'database-away',
      'The database does not answer.',
    ]);
    expect(faults).toEqual([]);
    expect((await ask('/api/v1/clusters'))[0]).toBe(200);
  });

  it('is not waited for where it is silent', async () => {
    expect(await ask('/readyz')).toEqual(READY);
    cable.freeze();
    const answer = await ask('/readyz');
    cable.mend();

    const detail = 'The database does not answer in time.';
    expect(answer).toEqual([503, { status: 'down', notReady: [{ name: 'database', detail }] }]);
  });

  it('is not ready where it takes nothing, as health says with what to do, and is where only one cluster is refused', async () => {
    const reason = 'The database takes nothing: its disk is full (53100). Give it space.';
    store.unwritten.note(7, { reason, isWhole: true });
    const notReady = [{ name: 'database', detail: reason }];
    expect(await ask('/readyz')).toEqual([503, { status: 'down', notReady }]);
    expect(await ask('/api/v1/health')).toEqual([
      200,
      { status: 'down', checks: [{ name: 'database', status: 'down', detail: reason }] },
    ]);

    store.unwritten.note(7, { reason: 'The database refuses it.', isWhole: false });
    expect(await ask('/readyz')).toEqual(READY);
    store.unwritten.note(7, undefined);
  });

  it('is not ready where it only reads', async () => {
    const set = (value: string) =>
      store.pool.query(`alter database postgres set default_transaction_read_only = ${value}`);
    const anew = async (): Promise<void> => {
      cable.cut();
      await ask('/readyz');
      cable.mend();
    };
    await set('on');
    await anew();
    const detail = expect.stringMatching(
      /^The database takes nothing: it only reads \(25006\)\. Let it write/,
    );
    expect(await ask('/readyz')).toEqual([503, { status: 'down', notReady: [{ name: 'database', detail }] }]);

    await store.pool.query(
      'begin read write; alter database postgres set default_transaction_read_only = off; commit',
    );
    await anew();
    expect(await ask('/readyz')).toEqual(READY);
  });

  it('tells the headers of the stream of events alone, and ends, where only they are asked for', async () => {
    const answer = await server.inject({ method: 'HEAD', url: '/api/v1/events' });

    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  });
});
