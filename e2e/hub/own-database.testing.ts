import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type Store, startEmbedded } from '@bulwark/store';
import { dataFolder } from './running-hub.testing.ts';

/** A database that was there before any hub, as one that is named by its address. */
export interface OwnDatabase {
  /** For what else a test writes; it goes with the database. */
  readonly folder: string;
  readonly store: Store;
  /** What a hub is told to use it by. All of them have one key. */
  readonly args: readonly string[];
  remove(): Promise<void>;
}

/** Starts the server of one, and opens it. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const folder = dataFolder();
  const server = await startEmbedded({ folder: join(folder, 'database') });
  const store = await openStore({ url: server.url, now: new Date() });
  return {
    folder,
    store,
    args: ['--database-url', server.url.reveal(), '--key-file', join(folder, 'channels.key')],
    remove: async () => {
      await store.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
