import { lookup } from 'node:dns/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where a server listens. */
export interface Place {
  readonly host: string;
  /** 0 for one that the system chooses. */
  readonly port: number;
}

/**
 * Listens at every address of localhost, or at the one that is given. All connections are those of one server, with its limits and
 * its certificate: Fastify would make another server for each further address of localhost, which has neither.
 *
 * @throws the error of the system where the first address cannot be listened on. The others may not be there, or be in use.
 */
export async function listenAt(
  server: FastifyInstance,
  { host, port }: Place,
  addressesOf: (name: string) => Promise<readonly string[]> = addressesOfName,
): Promise<void> {
  const [first = host, ...others] = host === 'localhost' ? new Set(await addressesOf(host)) : [host];
  const doors: Server[] = [];
  server.addHook('preClose', async () => {
    for (const door of doors) door.close();
  });
  await server.listen({ host: first, port });
  const { port: chosen } = server.server.address() as AddressInfo;
  for (const address of others) doors.push(await openDoor(server.server, { host: address, port: chosen }));
}

async function addressesOfName(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** Hands the connections to another address to a server, as if they had come to it. */
function openDoor(server: Server, place: Place): Promise<Server> {
  // As servers of HTTP have their connections.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    server.emit('connection', socket);
  });
  return new Promise((resolve) => {
    door.on('error', () => resolve(door));
    door.listen(place, () => resolve(door));
  });
}
