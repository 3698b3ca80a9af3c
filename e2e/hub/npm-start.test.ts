import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataFolder, eventually } from './running-hub.testing.ts';

const TEST_MS = 180_000;

/** `npm start` runs this program; what ends it is sent to it alone, as by a service manager, or to all around it, as by a terminal. */
it.each([
  ['SIGTERM', 'alone'],
  ['SIGHUP', 'alone'],
  ['SIGTERM', 'and all around it'],
  ['SIGINT', 'and all around it'],
] as const)(
  'npm start that is ended by %s, %s, has stopped its hub and its database when it ends',
  async (signal, whom) => {
    const folder = dataFolder();
    const args = ['tools/run.mjs', 'start', '--demo', '--listen', '127.0.0.1:0', '--data-dir', folder];
    const started = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => {
        said += text.toString();
      });
    const pid = started.pid ?? 0;
    try {
      await eventually('it is there', () => said.includes('Bulwark is at') || undefined, 120_000);
      const ended = once(started, 'exit');
      process.kill(whom === 'alone' ? pid : -pid, signal);

      const [status] = await ended;

      expect(status).toBe(0);
      expect(said).toContain('Stopping ...');
      expect(readdirSync(join(folder, 'demo', 'lock'))).toEqual([]);
    } finally {
      if (started.exitCode === null) process.kill(-pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
  TEST_MS,
);
