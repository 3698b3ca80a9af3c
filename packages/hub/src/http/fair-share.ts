import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { AppError } from '@bulwark/core';
import { whenOver } from './answer-end.ts';

/** How much each client has under way, so that one that takes no answers does not take what all need. */
export class FairShare {
  private readonly held = new Map<string, number>();

  /**
   * Counts one more for a client, until its answer is taken or given up.
   *
   * @throws AppError `too-many-requests` where the client has so many.
   */
  take(client: string, most: number, answer: ServerResponse): void {
    const before = this.held.get(client) ?? 0;
    if (before >= most) throw new AppError('too-many-requests');
    this.held.set(client, before + 1);
    whenOver(answer, () => {
      const left = (this.held.get(client) ?? 1) - 1;
      if (left > 0) this.held.set(client, left);
      else this.held.delete(client);
    });
  }
}

/** More than those have open who share an address; what one connection may hold is little. */
const MOST_CONNECTIONS = 250;

/**
 * Limits how many connections are open to one address. A new one takes the place of the oldest over which nothing is being
 * answered, whether it rests or never says all of what it asks; where there is none, the new one is closed.
 */
export function limitConnections(server: Server): void {
  const open = new Map<string, Set<Socket>>();
  const busy = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const own = open.get(remoteAddress) ?? new Set();
    if (own.size >= MOST_CONNECTIONS) {
      const dropped = [...own].find((each) => !busy.has(nameOf(each))) ?? socket;
      own.delete(dropped);
      dropped.destroy();
      if (dropped === socket) return;
    }
    open.set(remoteAddress, own.add(socket));
    socket.once('close', () => {
      own.delete(socket);
      if (own.size === 0) open.delete(remoteAddress);
    });
  });
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const name = nameOf(socket);
    busy.add(name);
    whenOver(answer, () => busy.delete(name));
  });
}

/** Of both ends of TLS: what comes as a connection is not what a request comes by. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
