import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from './postgres/embedded.ts';
import { isAlive } from './postgres/lock.ts';
import { type Locale, makeDatabase, poolOf, serverFolder } from './server.testing.ts';
import type { TestDatabases } from './shared-server.testing.ts';

/** A server that can be as it was before, at the same address, as where a snapshot was put back or an asynchronous standby took over. */
export interface ReturningServer extends TestDatabases {
  /** Keeps how it is now. */
  keep(): Promise<void>;
  /** Is as it was kept; what was written since is gone. */
  goBack(): Promise<void>;
}

/** Starts it; for tests. Each of the two acts stops it for a moment. */
export async function startReturningServer(): Promise<ReturningServer> {
  const folder = serverFolder('returning');
  const server = await startEmbedded({ folder });
  const data = join(folder, `data-${Number.parseInt(server.version, 10)}`);
  const [kept, away] = [join(folder, 'kept'), join(folder, 'away')];
  /** Does something with its data while it is stopped. It is started again by itself, as soon as the data is in its place. */
  const whileStopped = async (act: () => void): Promise<void> => {
    const { pid } = server;
    renameSync(data, away);
    process.kill(pid, 'SIGINT');
    while (isAlive(pid)) await sleep(20);
    act();
    renameSync(away, data);
    const pool = poolOf(server.url);
    const answers = (): Promise<boolean> =>
      pool.query('select').then(
        () => true,
        () => false,
      );
    while (!(await answers())) await sleep(50);
    await pool.end();
  };
  return {
    database: (name: string, locale: Locale = 'C') => makeDatabase(server.url, name, locale),
    // With its owner, who is another one where the tests run as root.
    keep: () => whileStopped(() => execFileSync('cp', ['-a', away, kept])),
    goBack: () =>
      whileStopped(() => {
        rmSync(away, { recursive: true });
        renameSync(kept, away);
      }),
    drop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
