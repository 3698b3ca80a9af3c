import { chownSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { AppError, Secret } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEmptyDatabase } from './backup/backup.ts';
import { hasPooler, startPooler } from './pooler.testing.ts';
import { poolOf, startTestServer, type TestServer } from './server.testing.ts';
import { openStore } from './store.ts';
import { whyNotOpened } from './why-not-opened.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const WITHIN_MS = 60_000;
const PASSWORD = 'open-sesame-4711';
const UNREADABLE =
  'The address of the database cannot be read: it is postgres://USER:PASSWORD@HOST:PORT/DATABASE, and in the password characters such as @ : / ? # and % are percent-encoded.';

/** Why a database is not opened. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await openStore({ url: new Secret(url), now: NOW }).then(
    (store) => store.close(),
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? String(error.details['detail']) : `opened, or ${String(error)}`;
}

describe('a database that cannot be opened', () => {
  let server: TestServer;
  let admin: pg.Pool;
  let own: Secret<string>;
  /** Host and port. */
  let at: string;
  const warnings: Error[] = [];
  const warn = (warning: Error): number => warnings.push(warning);

  beforeAll(async () => {
    process.on('warning', warn);
    server = await startTestServer();
    own = await server.database('hub');
    at = new URL(own.reveal()).host;
    admin = poolOf(own);
    for (const statement of [
      `create role ann login password '${PASSWORD}'`,
      `create role one login password '${PASSWORD}' connection limit 1`,
      `create role reader login password '${PASSWORD}'`,
      `alter role reader set default_transaction_read_only to on`,
      `create role elsewhere login password '${PASSWORD}'`,
      `alter role elsewhere set search_path to nowhere`,
      `create role owner login password '${PASSWORD}'`,
      'create database closed',
      'revoke connect on database closed from public',
      'create database owned owner owner',
    ])
      await admin.query(statement);
  }, WITHIN_MS);

  afterAll(async () => {
    process.off('warning', warn);
    await admin?.end();
    await server?.stop();
  });

  const mayNot = (user: string, database: string): string =>
    `The user ${user} may not make and use tables in the database ${database}, as a hub does: let it own the database (ALTER DATABASE "${database}" OWNER TO "${user}") or make tables in its schema (GRANT USAGE, CREATE ON SCHEMA public TO "${user}"); tables of another hub that are there must be its own.`;
  const wrongPassword = (user: string): string =>
    `PostgreSQL does not take the password of the user ${user}, or does not know that user: correct the address, in which characters of the password such as @ : / ? # and % are percent-encoded.`;

  it.each<{ readonly name: string; readonly url: string; readonly says: string | RegExp }>([
    { name: 'whose user may make no tables', url: `ann:${PASSWORD}@HOST/hub`, says: mayNot('ann', 'hub') },
    {
      name: 'whose user has no schema',
      url: `elsewhere:${PASSWORD}@HOST/hub`,
      says: mayNot('elsewhere', 'hub'),
    },
    {
      name: 'whose user may not connect to it',
      url: `ann:${PASSWORD}@HOST/closed`,
      says: mayNot('ann', 'closed'),
    },
    { name: 'whose password is wrong', url: `ann:${PASSWORD}x@HOST/hub`, says: wrongPassword('ann') },
    { name: 'whose user is not known', url: `bob:${PASSWORD}@HOST/hub`, says: wrongPassword('bob') },
    {
      name: 'whose password is not given',
      url: 'ann@HOST/hub',
      says: 'PostgreSQL asks for the password of the user ann, and the address has none.',
    },
    {
      name: 'that is not there',
      url: `ann:${PASSWORD}@HOST/none`,
      says: 'There is no database none at HOST: make it (CREATE DATABASE "none" OWNER "ann"), or correct the address.',
    },
    {
      name: 'whose host is not known',
      url: `ann:${PASSWORD}@nowhere.invalid/hub`,
      says: /^The host name nowhere\.invalid of the database cannot be looked up \(E[A-Z_]+\): correct it in the address, or the name service of this machine\.$/,
    },
    {
      name: 'where nothing listens',
      url: `ann:${PASSWORD}@127.0.0.1:1/hub`,
      says: 'Nothing listens at 127.0.0.1:1: start PostgreSQL there, let it listen on that address (listen_addresses), or correct the address of the database.',
    },
    {
      name: 'whose socket is not there',
      url: `ann:${PASSWORD}@/hub?host=/nowhere`,
      says: 'PostgreSQL has no socket in /nowhere that can be used (ENOENT): start it, or correct the address.',
    },
    {
      name: 'that is asked for TLS and has none',
      url: `ann:${PASSWORD}@HOST/hub?sslmode=require`,
      says: 'The address of the database asks for TLS (sslmode), and PostgreSQL at HOST has none: set it up there (ssl = on), or ask for none where the network is to be trusted (sslmode=disable).',
    },
    {
      name: 'whose authority is in no file',
      url: `ann:${PASSWORD}@HOST/hub?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem`,
      says: 'The file /nowhere/ca.pem, which the address of the database names, cannot be read (ENOENT).',
    },
    {
      name: 'that only reads',
      url: `reader:${PASSWORD}@HOST/hub`,
      says: 'The database at HOST only reads, as a standby does: give the address of the primary.',
    },
    {
      name: 'that has no connection left',
      url: `one:${PASSWORD}@HOST/hub`,
      says: 'PostgreSQL at HOST has no connection left: a hub takes up to twelve, and five more for each cluster; raise max_connections, or the limit of the user or database.',
    },
  ])('$name says so', async ({ url, says }) => {
    const said = await refusal(`postgres://${url.replace('HOST', at)}`);

    if (typeof says === 'string') expect(said).toBe(says.replace('HOST', at));
    else expect(said).toMatch(says);
    expect(said).not.toContain(PASSWORD);
    expect(warnings).toEqual([]);
  });

  it.each([
    { name: 'as settings of libpq', url: `host=127.0.0.1 user=ann password=${PASSWORD}`, says: UNREADABLE },
    { name: 'of another kind', url: `https://ann:${PASSWORD}@127.0.0.1/hub`, says: UNREADABLE },
    { name: 'with a port that is none', url: `postgres://ann:${PASSWORD}@127.0.0.1:p/hub`, says: UNREADABLE },
    { name: 'with # in the password', url: `postgres://ann:${PASSWORD}#1@127.0.0.1/hub`, says: UNREADABLE },
    { name: 'with / in the password', url: 'postgres://ann:4711/1@127.0.0.1/hub', says: UNREADABLE },
    { name: 'with ? in the password', url: 'postgres://ann:4711?1@127.0.0.1/hub', says: UNREADABLE },
    ...['postgres://ann:a,b@h1:1,h2:2/hub', 'postgres://ann@h1,h2/hub', 'postgres:///hub?host=h1,h2'].map(
      (url) => ({
        name: `with two hosts, ${url}`,
        url,
        says: 'The address of the database names several hosts: give one, that of the primary.',
      }),
    ),
  ])('by an address $name says so, and looks nothing up', async ({ url, says }) => {
    expect(await refusal(url)).toBe(says);
  });

  it.each(['pass,word', 'p%40ss%2Fw%23rd'])('is opened with the password %s', async (password) => {
    await admin.query(`alter role owner password '${decodeURIComponent(password)}'`);

    const store = await openStore({ url: new Secret(`postgres://owner:${password}@${at}/owned`), now: NOW });

    await store.close();
  });

  it('is opened with an @ in what stands behind the database', async () => {
    await admin.query(`alter role owner password '${PASSWORD}'`);
    const url = `postgres://owner:${PASSWORD}@${at}/owned?application_name=a@b&options=-c%20search_path=public`;
    const store = await openStore({ url: new Secret(url), now: NOW });
    const { rows } = await store.pool.query('show search_path');
    await store.close();

    expect(rows).toEqual([{ search_path: 'public' }]);
  });

  it('by an address that cannot be read is not looked at for a backup either', async () => {
    await expect(isEmptyDatabase(new Secret('host=h'))).rejects.toMatchObject({
      details: { detail: UNREADABLE },
    });
  });

  describe('as what listens is no PostgreSQL', () => {
    const sockets: Socket[] = [];
    let other: Server;

    async function listens(onConnection: (socket: Socket) => void): Promise<string> {
      other = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined);
        onConnection(socket);
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
      return `127.0.0.1:${(other.address() as AddressInfo).port}`;
    }

    async function stop(): Promise<void> {
      for (const socket of sockets.splice(0)) socket.destroy();
      await new Promise<void>((resolve) => other.close(() => resolve()));
    }

    it('and ends connections says so', async () => {
      const place = await listens((socket) => socket.once('data', () => socket.end()));

      expect(await refusal(`postgres://ann:${PASSWORD}@${place}/hub`)).toBe(
        `What listens at ${place} ends the connection without an answer: see to it that it is PostgreSQL and ready.`,
      );
      await stop();
    });

    it('and says nothing says so', async () => {
      const place = await listens(() => undefined);
      const url = `postgres://ann:${PASSWORD}@${place}/hub`;
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 50 });

      const error: unknown = await client.connect().catch((reason: unknown) => reason);

      expect(whyNotOpened(error, new Secret(url))).toBe(
        `The database at ${place} does not answer in time: correct the address, let this machine through to it, or give the pooler there more connections.`,
      );
      await stop();
    });
  });

  describe.runIf(hasPooler)('by way of a pooler (needs pgbouncer)', () => {
    it('that refuses a setting of the address, or does not know the database, says so', async () => {
      const pooler = await startPooler({ database: own, mode: 'session' });

      expect(await refusal(`${pooler.url.reveal()}?options=-c%20jit%3Doff`)).toBe(
        'The pooler before the database refuses a setting that the address gives after its "?": take it out, or let the pooler pass over it (PgBouncer: ignore_startup_parameters).',
      );
      expect(await refusal(pooler.url.reveal().replace(/\/hub$/, '/none'))).toMatch(
        /^A pooler or PostgreSQL at 127\.0\.0\.1:\d+ refuses the connection to the database none as the user bulwark: it has to know both, and its log says more\.$/,
      );
      await pooler.stop();
    });
  });

  describe('by TLS', () => {
    let authority: TestAuthority;
    let authorityFile: string;

    /** Gives the server a certificate, and waits until new connections have it. */
    async function certify(subject: { readonly names: readonly string[]; readonly notAfter?: Date }) {
      const { certificate, key } = authority.issue({ commonName: 'database', ...subject });
      const data = join(server.folder, 'data-18');
      const { uid, gid } = statSync(data);
      for (const [name, text] of [
        ['server.crt', certificate],
        ['server.key', key],
      ] as const) {
        writeFileSync(join(data, name), text, { mode: 0o600 });
        chownSync(join(data, name), uid, gid);
      }
      await admin.query('alter system set ssl to on');
      const loaded = async (): Promise<string> =>
        String((await admin.query('select pg_conf_load_time() as at')).rows[0]?.at.getTime());
      const before = await loaded();
      await admin.query('select pg_reload_conf()');
      await expect.poll(loaded).not.toBe(before);
    }

    beforeAll(() => {
      authority = new TestAuthority();
      authorityFile = join(server.folder, 'authority.pem');
      writeFileSync(authorityFile, authority.certificate);
    });

    const tls = (query: string): string => `postgres://owner:${PASSWORD}@${at}/owned?${query}`;

    it('with a certificate of an authority that is not known says so', async () => {
      await certify({ names: ['127.0.0.1'] });

      expect(await refusal(tls('sslmode=require'))).toMatch(
        /^The certificate of the database at 127\.0\.0\.1:\d+ is not trusted \([A-Z_]+\): name the file of its authority in the address \(sslmode=verify-full&sslrootcert=FILE\)\.$/,
      );
    });

    it('with a certificate for another name says so', async () => {
      await certify({ names: ['db.example'] });

      expect(await refusal(tls(`sslmode=verify-full&sslrootcert=${authorityFile}`))).toBe(
        'The certificate of the database is not for the name 127.0.0.1: give the address with the name that it is for.',
      );
    });

    it('with a certificate that has ended says so', async () => {
      await certify({ names: ['127.0.0.1'], notAfter: new Date('2020-01-01T00:00:00Z') });

      expect(await refusal(tls(`sslmode=verify-full&sslrootcert=${authorityFile}`))).toBe(
        `The certificate of the database at ${at} has expired: renew it there.`,
      );
    });

    it.each(['require', 'verify-ca', 'verify-full'])(
      'with a certificate of a known authority is opened with sslmode=%s, without a warning',
      async (mode) => {
        await certify({ names: ['127.0.0.1'] });
        await admin.query(`alter role owner password '${PASSWORD}'`);

        const url = new Secret(tls(`sslmode=${mode}&sslrootcert=${authorityFile}`));
        const store = await openStore({ url, now: NOW });

        const { rows } = await store.pool.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
        await store.close();
        expect(rows).toEqual([{ ssl: true }]);
        expect(warnings).toEqual([]);
      },
    );
  });
});
