import { Socket } from 'node:net';
import { AppError } from '@bulwark/core';

/** How long a server may take to take leave, in milliseconds. */
const END_WITHIN_MS = 1000;

/** The sockets of connections to a database, so that they can be broken off whatever they wait for. */
export class Connections {
  private readonly open = new Set<Socket>();
  private isCut = false;

  /** @param signal breaks all of them off, those being made included, and with them the statements under way. */
  constructor(signal?: AbortSignal) {
    signal?.addEventListener('abort', () => this.cut(), { once: true });
    this.isCut = signal?.aborted === true;
  }

  /** The socket of a new connection: what pg takes as `stream`. */
  readonly socket = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    // Not before it was told where to connect to: that would bring it back to life.
    if (this.isCut) setImmediate(() => socket.destroy(brokenOff()));
    return socket;
  };

  /** Waits until all have ended in form, and breaks off those that do not within a second: a server may never answer. */
  async end(inForm: () => Promise<void>): Promise<void> {
    const timer = setTimeout(() => this.cut(), END_WITHIN_MS);
    await inForm();
    await Promise.all([...this.open].map(closed));
    clearTimeout(timer);
  }

  private cut(): void {
    this.isCut = true;
    for (const socket of this.open) socket.destroy(brokenOff());
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function brokenOff(): AppError {
  return new AppError('database-away', { detail: 'The connection was broken off.' });
}
