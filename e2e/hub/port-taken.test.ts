import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { dataFolder, PROGRAM } from './running-hub.testing.ts';

it('a hub whose port is taken says so and ends', async () => {
  const folder = dataFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const hub = spawn(process.execPath, [
    PROGRAM,
    'hub',
    '--demo',
    '--listen',
    `127.0.0.1:${port}`,
    '--data-dir',
    folder,
  ]);
  let said = '';
  hub.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  try {
    const [status] = await once(hub, 'exit');
    expect(said).toContain(`127.0.0.1:${port} cannot be listened on: another program listens there`);
    expect(said).not.toContain('fault of the program');
    expect(status).toBe(2);
  } finally {
    hub.kill('SIGKILL');
    other.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
