import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownDatabase } from './own-database.testing.ts';
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

it('a hub whose database a later version upgraded says so and ends', async () => {
  const database = await ownDatabase();
  const hub = await RunningHub.start({ args: ['--demo', ...database.args] });
  try {
    await database.store.pool.query(
      "insert into migration (number, name, digest) select max(number) + 1, 'later', '' from migration",
    );

    expect(await hub.end).toBe(2);

    expect(hub.output).toContain('a hub of a later version has upgraded the database');
    expect(hub.output).not.toContain('fault of the program');
  } finally {
    await hub.remove();
    await database.remove();
  }
}, 120_000);
