import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from './lock.ts';

let folder: string;
let lockFolder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-lock-'));
  lockFolder = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('is refused while somebody living has it, who is named', async () => {
    const lock = await takeLock(lockFolder);

    await expect(takeLock(lockFolder)).rejects.toMatchObject({
      code: 'conflict',
      details: { detail: `Another hub, process ${process.pid}, uses this database.` },
    });
    await lock.release();
    await (await takeLock(lockFolder)).release();
  });

  it.each([
    ['a process that is no more', '2147483646-1-abcd'],
    ['a process whose number another one has', `${process.pid}-1-abcd`],
    ['nonsense', 'x y z'],
  ])('is taken over from %s', async (_name, file) => {
    mkdirSync(lockFolder);
    writeFileSync(join(lockFolder, file), '');

    const lock = await takeLock(lockFolder);

    expect(readdirSync(lockFolder)).toEqual([expect.stringMatching(new RegExp(`^${process.pid}-`))]);
    await lock.release();
  });

  describe('of which a process in another container left a file', () => {
    const BEAT_MS = 40;
    let file: string;

    beforeEach(() => {
      mkdirSync(lockFolder);
      file = join(lockFolder, `${process.pid}-1-abcd-elsewhere`);
      writeFileSync(file, '');
    });

    it('is refused while that process touches it', async () => {
      const beat = setInterval(() => utimesSync(file, new Date(), new Date()), BEAT_MS);

      const asked = takeLock(lockFolder, BEAT_MS);

      await expect(asked).rejects.toMatchObject({
        details: { detail: 'Another hub, in another container, uses this database.' },
      });
      clearInterval(beat);
    });

    it('is taken over when it has not been touched for a while', async () => {
      const began = Date.now();
      const lock = await takeLock(lockFolder, BEAT_MS);

      expect(Date.now() - began).toBeGreaterThanOrEqual(3 * BEAT_MS);
      expect(readdirSync(lockFolder)).toHaveLength(1);
      await lock.release();
    });

    it('is taken over at once when it was left long ago', async () => {
      utimesSync(file, 0, 0);

      await (await takeLock(lockFolder)).release();

      expect(readdirSync(lockFolder)).toEqual([]);
    });

    it('is touched by whoever holds it', async () => {
      utimesSync(file, 0, 0);
      const lock = await takeLock(lockFolder, BEAT_MS);
      const own = join(lockFolder, readdirSync(lockFolder)[0] ?? '');
      utimesSync(own, 0, 0);

      await vi.waitFor(() => expect(statSync(own).mtimeMs).toBeGreaterThan(0));
      await lock.release();
    });
  });

  it('tells its holder where another one took it, and nothing of its own end', async () => {
    const BEAT_MS = 20;
    const [lost, kept] = [await takeLock(lockFolder, BEAT_MS), await takeLock(join(folder, 'kept'), BEAT_MS)];

    rmSync(lockFolder, { recursive: true });
    await kept.release();

    await lost.lost;
    const told = kept.lost.then(() => 'lost');
    expect(await Promise.race([told, sleep(5 * BEAT_MS, 'nothing')])).toBe('nothing');
    await lost.release();
  });

  it('is never had by two of many who ask at once', async () => {
    for (let round = 0; round < 20; round++) {
      mkdirSync(lockFolder, { recursive: true });
      writeFileSync(join(lockFolder, '2147483646-1-abcd'), '');

      const asked = await Promise.allSettled(Array.from({ length: 6 }, () => takeLock(lockFolder)));

      const got = asked.filter((each) => each.status === 'fulfilled');
      expect(got.length).toBeLessThan(2);
      for (const { value } of got) await value.release();
      await (await takeLock(lockFolder)).release();
    }
  });
});
