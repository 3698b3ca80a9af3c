import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, listUsers, openStore, type Store, startEmbedded } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from './authenticate.ts';

const NOW = new Date('2026-11-26T10:00:00Z');

describe('the first administrator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-first-'));
  let server: EmbeddedServer;
  const stores: Store[] = [];

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    server = await startEmbedded({ folder });
    for (let hubs = 0; hubs < 3; hubs++) stores.push(await openStore({ url: server.url, now: NOW }));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made once where several hubs start at once on a new database, and each gives a link', async () => {
    const hubs = stores.map((store) => new Authenticator(store, { isSecure: true, now: () => NOW }));
    // Everybody has a connection, so that all look before one writes.
    await Promise.all(stores.map(({ pool }) => pool.query('select 1')));

    const links = await Promise.all(hubs.map((hub) => hub.firstLink()));

    expect(new Set(links).size).toBe(3);
    const [first] = stores;
    expect(first && (await listUsers(first)).map(({ name, role }) => [name, role])).toEqual([
      ['admin', 'admin'],
    ]);
    const [hub] = hubs;
    for (const link of links)
      await expect(hub?.withLink(link ?? '')).resolves.toMatchObject({ name: 'admin' });
  });
});
