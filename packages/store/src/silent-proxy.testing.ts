import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Secret } from '@bulwark/core';

/** Something between a program and its database that may drop what goes over a connection, without a word to either side. */
export interface SilentProxy {
  /** The database, by way of it. */
  readonly url: Secret<string>;
  /** Forgets the connections that there are; those that are made later work. */
  forget(): void;
  stop(): Promise<void>;
}

/** Starts it before a database; for tests. */
export async function startSilentProxy(database: Secret<string>): Promise<SilentProxy> {
  const behind = new URL(database.reveal());
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(behind.port), behind.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.once('close', () => {
        // Also that one side is gone is not said to the other, once it is forgotten.
        if (sockets.delete(from)) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const forgotten: Socket[] = [];
  const url = new URL(behind);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: new Secret(url.href),
    forget: () => {
      for (const socket of sockets) {
        socket.removeAllListeners('data');
        socket.resume();
        forgotten.push(socket);
      }
      sockets.clear();
    },
    stop: async () => {
      for (const socket of [...sockets, ...forgotten]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
