import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type EmbeddedServer, openStore, setSetting, startEmbedded } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

describe('hub backup', () => {
  let hub: ListeningHub;
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-backup-'));
  const file = join(folder, 'hub.backup');

  beforeAll(async () => {
    hub = await ListeningHub.start();
  }, HUB_WITHIN_MS);
  afterAll(async () => {
    await hub?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, HUB_WITHIN_MS);

  it('saves the own database of a hub that runs, for its owner alone, and the hub goes on', async () => {
    const args = ['hub', 'backup', file, '--data-dir', hub.folder, '--no-config'];

    expect(await bulwark(args, '/')).toEqual({ code: 0, out: `Written to ${file}\n`, err: '' });

    const { size, mode } = statSync(file);
    expect(size).toBeGreaterThan(1000);
    expect(mode & 0o777).toBe(0o600);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });

  it('replaces a file only where that is asked for, and leaves it as it is else', async () => {
    const kept = join(folder, 'kept.backup');
    writeFileSync(kept, 'precious', { mode: 0o644 });
    const args = ['hub', 'backup', kept, '--data-dir', hub.folder, '--no-config'];

    expect(await bulwark(args, '/')).toMatchObject({
      code: 2,
      err: expect.stringContaining(`there is a file ${kept} already; --force replaces it`),
    });
    expect(readFileSync(kept, 'utf8')).toBe('precious');

    expect(await bulwark([...args, '--force'], '/')).toMatchObject({ code: 0 });
    expect(statSync(kept).size).toBeGreaterThan(1000);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('says why a file cannot be written, or a database not be filled, which is no fault of the program', async () => {
    const target = join(folder, 'nowhere', 'x.backup');
    const saving = ['hub', 'backup', target, '--data-dir', hub.folder, '--no-config'];
    const away = hub.databaseUrl.reveal().replace(/:\d+\//, ':1/');

    expect(await bulwark(saving, '/')).toEqual({
      code: 2,
      out: '',
      err: `error: ${target} cannot be written (ENOENT)\n`,
    });
    expect(await bulwark(['hub', 'restore', file, '--database-url', away, '--no-config'], '/')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^error: Nothing listens at 127\.0\.0\.1:1: [^\n]+\n$/),
    });
  });

  it('says that a file which the address of the database names cannot be read', async () => {
    const authority = join(folder, 'no-ca.crt');
    const address = `${hub.databaseUrl.reveal()}?sslmode=disable&sslrootcert=${authority}`;

    expect(await bulwark(['hub', 'restore', file, '--database-url', address, '--no-config'], '/')).toEqual({
      code: 2,
      out: '',
      err: `error: The file ${authority}, which the address of the database names, cannot be read (ENOENT).\n`,
    });
  });

  it('says that there is no database of the name to be filled', async () => {
    const none = hub.databaseUrl.reveal().replace(/\/[^/]+$/, '/none');

    expect(await bulwark(['hub', 'restore', file, '--database-url', none, '--no-config'], '/')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(
        /^error: There is no database none at 127\.0\.0\.1:\d+: make it \([^\n]+\n$/,
      ),
    });
  });

  it('says where there is no database to save', async () => {
    const target = join(folder, 'none.backup');
    const args = ['hub', 'backup', target, '--data-dir', join(folder, 'nothing'), '--no-config'];

    expect(await bulwark(args, '/')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no database of a hub in'),
    });
  });
});

describe('hub backup beside a demonstration that runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-demo-'));
  const demo = join(folder, 'demo');
  let server: EmbeddedServer;
  const save = (dataDir: string, file: string) =>
    bulwark(['hub', 'backup', join(folder, file), '--data-dir', dataDir, '--no-config'], '/');

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    server = await startEmbedded({ folder: demo });
    await (await openStore({ url: server.url, now: new Date() })).close();
  }, HUB_WITHIN_MS);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, HUB_WITHIN_MS);

  it('saves nothing that is made up without being told to, and says how it is told', async () => {
    expect(await save(folder, 'mistaken.backup')).toEqual({
      code: 2,
      out: '',
      err: `error: there is only a demonstration in ${folder}, and nothing in it is real; --data-dir ${demo} takes it all the same\n`,
    });
    expect(existsSync(join(folder, 'mistaken.backup'))).toBe(false);

    expect(await save(demo, 'demo.backup')).toMatchObject({ code: 0, err: '' });
  });

  it(
    'saves the hub of real clusters, which is stopped',
    async () => {
      const own = await startEmbedded({ folder });
      const store = await openStore({ url: own.url, now: new Date() });
      await setSetting(store, 'kept', 'real');
      await store.close();
      await own.stop();

      expect(await save(folder, 'real.backup')).toMatchObject({ code: 0, err: '' });
      expect(gunzipSync(readFileSync(join(folder, 'real.backup'))).toString()).toMatch(/kept\t.*real/);
    },
    HUB_WITHIN_MS,
  );
});
