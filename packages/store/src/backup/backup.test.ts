import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { hash128, Secret } from '@bulwark/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../access/users.ts';
import { contentOf, fillEveryTable } from '../migrations/filled.testing.ts';
import { type EmbeddedServer, startEmbedded } from '../postgres/embedded.ts';
import { openStore, type Store } from '../store.ts';
import { applyBatch } from '../write/apply.ts';
import { registerCluster } from '../write/clusters.ts';
import { createException } from '../write/exceptions.ts';
import { backup, isEmptyDatabase, restore } from './backup.ts';
import { frame } from './framing.ts';
import { SAVED_TABLES, UNSAVED_TABLES } from './tables.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const ACTOR = { user: 'ann', groups: [], impersonatedBy: null, address: null, userAgent: null, managers: [] };

let folder: string;
let server: EmbeddedServer;
let store: Store;
let file: string;

async function database(name: string): Promise<Secret<string>> {
  const client = new pg.Client({ connectionString: server.url.reveal() });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return new Secret(server.url.reveal().replace(/\/postgres$/, `/${name}`));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-backup-'));
  chmodSync(folder, 0o755);
  file = join(folder, 'one.backup');
  server = await startEmbedded({ folder });
  store = await openStore({ url: server.url, now: NOW });
  const cluster = await registerCluster(
    store,
    { uid: 'u', caHash: 'c', name: 'prod', server: 'https://x', version: 'v1.34.0', isDemo: false },
    NOW,
  );
  const resource = {
    digest: hash128('1'),
    kind: 'apps/Deployment',
    namespace: 'shop',
    name: 'api',
    apiVersion: 'apps/v1',
    uid: 'x',
    ownerKind: 'apps/Deployment',
    ownerName: 'api',
    bodyHash: hash128('body'),
    body: { text: 'tab\tnewline\nbackslash\\ "quote" \u00e4 \ud83d\ude80' },
    instance: {},
    labels: { a: '\\N' },
    isWorkload: true,
    images: ['x:1', 'y"z'],
    serviceAccount: 'default',
    team: undefined,
    environment: undefined,
    criticality: undefined,
    actor: ACTOR,
  };
  const nothing = { removed: [], findings: [], resolved: [] };
  await applyBatch(store, cluster, { ...nothing, at: NOW, resources: [resource] });
  const later = new Date(NOW.getTime() + 60_000);
  await applyBatch(store, cluster, {
    ...nothing,
    at: later,
    resources: [{ ...resource, digest: hash128('2'), bodyHash: hash128('other') }],
  });
  await createUser(store, {
    name: 'ann',
    role: 'admin',
    limits: { clusters: 'all', namespaces: 'all' },
    createdAt: NOW,
  });
  await createException(store, {
    scope: { controls: ['x'] },
    reason: "it's \\. fine",
    owner: null,
    until: '2027-01-01',
    state: 'active',
    createdBy: 'ann',
    createdAt: NOW,
    query: null,
  });
  await backup(store, file, { now: NOW });
}, 60_000);

afterAll(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function content(of: Store): Promise<Record<string, unknown>> {
  const tables = SAVED_TABLES.map(async (name) => {
    const { rows } = await of.pool.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
    return [name, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** The same backup with something else in a table, or without it where that is undefined, and the checksum of that. */
function withTable(name: string, content: string | undefined, bytes: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    frames.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [head = Buffer.alloc(0), ...rows] = frames.slice(0, -1);
  const parts = JSON.parse(head.toString('utf8')) as { tables: { name: string }[] };
  const { tables } = parts;
  let table = 0;
  const changed = rows.flatMap((row) => {
    const isIt = tables[table]?.name === name;
    if (row.length > 0) return isIt ? [] : [row];
    table++;
    if (!isIt) return [row];
    return content === undefined ? [] : [Buffer.from(content), row];
  });
  const kept = tables.filter((each) => content !== undefined || each.name !== name);
  const start = Buffer.from(JSON.stringify({ ...parts, tables: kept }));
  const framed = Buffer.concat([start, ...changed].map(frame));
  return Buffer.concat([framed, frame(createHash('sha256').update(framed).digest())]);
}

describe('a backup', () => {
  it('holds every table, or says which it leaves out', async () => {
    const { rows } = await store.pool.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );

    expect(rows.map(({ name }) => name).sort()).toEqual([...SAVED_TABLES, ...UNSAVED_TABLES].sort());
  });

  it('put back gives what was there, and numbers go on', async () => {
    const url = await database('again');
    await restore(url, file);
    const again = await openStore({ url, now: NOW });
    try {
      expect(await content(again)).toEqual(await content(store));
      const user = {
        name: 'bob',
        role: 'viewer',
        limits: { clusters: 'all', namespaces: 'all' },
        createdAt: NOW,
      } as const;
      expect((await createUser(again, user)).id).toBe(2);
    } finally {
      await again.close();
    }
  });

  it('puts back every table, whatever is in it', async () => {
    const url = await database('whole');
    const full = await openStore({ url, now: NOW });
    const other = await database('whole_again');
    const copy = join(folder, 'full.backup');
    try {
      await fillEveryTable(full.pool);
      await backup(full, copy, { now: NOW });
      await restore(other, copy);
      const again = await openStore({ url: other, now: NOW });
      try {
        const saved = await contentOf(full.pool, SAVED_TABLES);
        expect([...saved].filter(([, rows]) => rows.length === 0)).toEqual([]);
        expect(await contentOf(again.pool, SAVED_TABLES)).toEqual(saved);
      } finally {
        await again.close();
      }
    } finally {
      await full.close();
    }
  });

  it('is not put over what is there', async () => {
    await expect(restore(server.url, file)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that cannot be put back whole leaves the database empty, and another one fits in', async () => {
    const broken = join(folder, 'half.backup');
    writeFileSync(broken, gzipSync(withTable('audit', 'no such row\n', gunzipSync(readFileSync(file)))));
    const url = await database('half');

    await expect(restore(url, broken)).rejects.toThrow();

    expect(await isEmptyDatabase(url)).toBe(true);
    await restore(url, file);
    expect(await isEmptyDatabase(url)).toBe(false);
  });

  it('that was made when a table was not saved yet is put back without that', async () => {
    const older = join(folder, 'older.backup');
    writeFileSync(older, gzipSync(withTable('held_finding', undefined, gunzipSync(readFileSync(file)))));
    const url = await database('older');
    await restore(url, older);
    const again = await openStore({ url, now: NOW });
    try {
      expect(await content(again)).toEqual(await content(store));
    } finally {
      await again.close();
    }
  });

  it('is made however long it takes', async () => {
    const hurried = new pg.Pool({ connectionString: server.url.reveal(), statement_timeout: 100, max: 1 });
    const other = await store.pool.connect();
    await other.query('begin');
    await other.query('lock table audit in access exclusive mode');
    const saving = backup({ ...store, pool: hurried }, join(folder, 'slow.backup'), { now: NOW });
    const outcome = saving.then(
      () => 'saved',
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.query('commit');
    other.release();

    expect(await outcome).toBe('saved');
    await hurried.end();
  });

  it.each([
    { what: 'cut off', change: (bytes: Buffer) => gzipSync(bytes.subarray(0, -40)) },
    {
      what: 'changed',
      change: (bytes: Buffer) =>
        gzipSync(Buffer.from(bytes.toString('latin1').replace('prod', 'prOd'), 'latin1')),
    },
    { what: 'something else', change: () => gzipSync(Buffer.from('{"format":"other"}')) },
    { what: 'not compressed', change: () => Buffer.from('hello') },
  ])('that is $what changes nothing', async ({ what, change }) => {
    const broken = join(folder, 'broken.backup');
    writeFileSync(broken, change(gunzipSync(readFileSync(file))));
    const url = await database(`broken_${what.replaceAll(' ', '_')}`);

    await expect(restore(url, broken)).rejects.toMatchObject({ code: 'bad-request' });
    const client = new pg.Client({ connectionString: url.reveal() });
    await client.connect();
    const { rows } = await client.query(`select 1 from pg_class where relnamespace = 'public'::regnamespace`);
    await client.end();
    expect(rows).toEqual([]);
  });
});
