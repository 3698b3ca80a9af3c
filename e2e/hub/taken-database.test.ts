import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RunningHub } from './running-hub.testing.ts';

it('a hub whose database another one took, as it was taken for dead, says so and ends', async () => {
  const hub = await RunningHub.start({ args: ['--demo'] });
  try {
    rmSync(join(hub.folder, 'data', 'demo', 'lock'), { recursive: true });

    expect(await hub.end).toBe(2);

    expect(hub.output).toContain('another hub took the database of this one');
    expect(hub.output).not.toContain('fault of the program');
  } finally {
    await hub.remove();
  }
}, 120_000);
