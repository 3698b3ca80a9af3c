import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, openStore, setSetting, settingOf, startEmbedded } from '@bulwark/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { isDatabaseKept, openDatabase } from './hub-database.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const WITHIN_MS = 240_000;

describe('the database of a hub', () => {
  let folder: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-own-'));
    chmodSync(folder, 0o755);
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function open() {
    const io = { env: {}, writeError: (text: string) => said.push(text) } as unknown as Io;
    return openDatabase({ dataDir: folder }, io, 'from the last backup');
  }

  it('that cannot lie where it is to is refused in a sentence, which names the place', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const io = { env: {} } as unknown as Io;

    expect(await isDatabaseKept({ dataDir: file }, io)).toBe(false);
    const unmakeable = process.platform === 'linux' ? ['/proc/file/below'] : [];
    for (const dataDir of [file, join(file, 'below'), ...unmakeable]) {
      const refusal = await openDatabase({ dataDir }, io, 'empty').catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(UsageError);
      expect(String(refusal)).toMatch(
        /file.* cannot be used \((EEXIST|ENOTDIR|ENOENT)\); --data-dir names another folder/,
      );
    }
  });

  /** Starts the server and stops it, as a hub does that was killed before it had done anything with it. */
  async function begin(act: (url: Awaited<ReturnType<typeof startEmbedded>>['url']) => Promise<void>) {
    const server = await startEmbedded({ folder });
    await act(server.url);
    await server.stop();
  }

  it(
    'that is empty is filled from the last backup, also where a hub was killed while it did so',
    async () => {
      const file = join(folder, 'backups', 'bulwark-2026-11-25.backup');
      mkdirSync(join(folder, 'backups'));
      await begin(async (url) => {
        const store = await openStore({ url, now: NOW });
        await setSetting(store, 'kept', 'before');
        await backup(store, file, { now: NOW });
        await store.close();
      });
      rmSync(join(folder, 'data-18'), { recursive: true });
      await begin(async () => undefined);

      const database = await open();

      expect(said).toEqual([`The database is new; it was filled from ${file}.\n`]);
      const store = await openStore({ url: database.url, now: NOW });
      expect(await settingOf(store, 'kept')).toBe('before');
      await store.close();
      await database.stop();
      await (await open()).stop();
      expect(said).toHaveLength(1);
    },
    WITHIN_MS,
  );

  it(
    'whose backup cannot be put back is refused each time, and its server does not stay',
    async () => {
      const file = join(folder, 'backups', 'bulwark-2026-11-25.backup');
      mkdirSync(join(folder, 'backups'));
      writeFileSync(file, 'damaged');

      for (const _time of ['first', 'second'])
        await expect(open()).rejects.toThrow(
          `${file} cannot be put back; move it away to begin with another one or none: The file is no whole backup of Bulwark.`,
        );

      rmSync(file);
      await (await open()).stop();
    },
    WITHIN_MS,
  );

  it(
    'that another version of PostgreSQL wrote, and of which there is no backup, is not passed over',
    async () => {
      mkdirSync(join(folder, 'data-17'));

      for (const _time of ['first', 'second'])
        await expect(open()).rejects.toThrow(/holds the data of PostgreSQL 17, which 18\S* cannot read/);

      rmSync(join(folder, 'data-17'), { recursive: true });
      await (await open()).stop();
    },
    WITHIN_MS,
  );
});
