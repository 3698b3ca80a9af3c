import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Calls once when an answer is over, whether it was taken or given up; at once where it is over already. */
export function whenOver(answer: ServerResponse, call: () => void): void {
  if (answer.closed || answer.req.socket.destroyed) call();
  else answer.once('close', call);
}

/**
 * Tells answers that their connection is closed while they wait behind another one on it (HTTP pipelining). Node itself tells
 * only the one whose turn it is, so that whatever is held for the others would be held for ever.
 */
export function endWaiting(server: FastifyInstance): void {
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  server.addHook('onRequest', async ({ socket }, { raw }) => {
    const own = open.get(socket) ?? new Set();
    if (!open.has(socket)) {
      open.set(socket, own);
      socket.once('close', () => {
        for (const each of own) giveUp(each);
      });
    }
    own.add(raw);
    whenOver(raw, () => own.delete(raw));
  });
}

function giveUp(answer: ServerResponse): void {
  // The one whose turn it is has a socket.
  if (answer.socket !== null) return;
  answer.destroy();
  answer.emit('close');
}
