import { existsSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kubeconfigFolder } from './kubeconfig.testing.ts';
import { lockFile } from './lock-file.ts';

const { path, write } = kubeconfigFolder();

describe('a lock that is a file', () => {
  it('is held by one at a time, and free after that', async () => {
    const first = await lockFile(path('lock'), { withinMs: 0 });
    expect(await lockFile(path('lock'), { withinMs: 0 })).toBe('taken');

    const second = lockFile(path('lock'), { withinMs: 30_000 });
    if (typeof first !== 'string') first.release();

    expect(await second).toMatchObject({ release: expect.any(Function) });
    expect(existsSync(path('lock'))).toBe(true);
  });

  it('is passed over when its holder has died', async () => {
    write('lock', '');
    utimesSync(path('lock'), 0, 0);

    expect(await lockFile(path('lock'), { withinMs: 0 })).toBe('taken');
    expect(await lockFile(path('lock'), { withinMs: 0, silentMs: 60_000 })).not.toBe('taken');
  });

  it('is not passed over while its holder lives, however long that holds it', async () => {
    const options = { withinMs: 1000, silentMs: 200 };
    const first = await lockFile(path('lock'), options);

    expect(await lockFile(path('lock'), options)).toBe('taken');
    if (typeof first !== 'string') first.release();
  });

  it('stays where it may be that of another one by now', async () => {
    // As if each had been silent for too long at once.
    const options = { withinMs: 0, silentMs: -1 };
    const slept = await lockFile(path('lock'), options);
    expect(await lockFile(path('lock'), options)).not.toBe('taken');

    if (typeof slept !== 'string') slept.release();

    expect(existsSync(path('lock'))).toBe(true);
  });

  it('is impossible where nothing can be made', async () => {
    expect(await lockFile(path('no folder', 'lock'), { withinMs: 0 })).toBe('impossible');
  });
});
