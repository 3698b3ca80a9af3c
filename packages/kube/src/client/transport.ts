import { setMaxListeners } from 'node:events';
import { err, ok, type Result } from '@bulwark/core';
import type { Dispatcher } from 'undici';
import type { ClientCertificate, ClusterAccess } from '../access/access.ts';
import { dispatcherTo } from './dispatcher.ts';
import { failure, type KubeFailure } from './failure.ts';

/**
 * The connections to a cluster. A new certificate, of the client or of the authority, opens new connections; those of
 * before end with their requests.
 */
export class Transport {
  private readonly access: ClusterAccess;
  private current: Connections | undefined;
  /** Aborts at the end: a dispatcher that is destroyed waits for connections that are being made. */
  private readonly ending = new AbortController();

  constructor(access: ClusterAccess) {
    this.access = access;
    // Every connection that is open listens to it, which is no leak.
    setMaxListeners(0, this.ending.signal);
  }

  /**
   * Does something with connections that use a client certificate. However many come at the same moment, all have the same
   * ones, which stay open until the last of them is done, also when others follow meanwhile.
   */
  async use<T>(
    certificate: ClientCertificate | undefined,
    act: (dispatcher: Dispatcher) => Promise<Result<T, KubeFailure>>,
  ): Promise<Result<T, KubeFailure>> {
    if (this.ending.signal.aborted) return err(failure('aborted', 'The connections are closed.'));
    const connections = this.connectionsWith(certificate);
    connections.users++;
    const opened = await connections.dispatcher;
    const done = opened.ok ? await act(opened.value) : opened;
    connections.users--;
    // What is trusted may have changed: the next who comes opens new ones.
    if (!opened.ok || (!done.ok && done.error.kind === 'untrusted')) this.leave(connections);
    else if (connections !== this.current) closeUnused(connections);
    return done;
  }

  /** Cuts all connections, also those of before and those that are being made; none is opened any more. */
  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    this.ending.abort();
    const opened = await current?.dispatcher;
    if (opened?.ok === true) await opened.value.destroy();
  }

  private connectionsWith(certificate: ClientCertificate | undefined): Connections {
    const { current } = this;
    if (current !== undefined && isSame(certificate, current.certificate)) return current;
    this.current = { certificate, dispatcher: this.open(certificate), users: 0 };
    if (current !== undefined) closeUnused(current);
    return this.current;
  }

  private leave(connections: Connections): void {
    if (this.current === connections) this.current = undefined;
    closeUnused(connections);
  }

  private async open(certificate: ClientCertificate | undefined): Promise<Result<Dispatcher, KubeFailure>> {
    const { trust, server, proxy } = this.access;
    const authorities = trust.insecure ? ok(undefined) : await trust.authorities();
    if (!authorities.ok) return authorities;
    try {
      return ok(
        dispatcherTo(server, {
          authorities: authorities.value,
          certificate,
          serverName: trust.serverName,
          insecure: trust.insecure,
          proxy,
          signal: this.ending.signal,
        }),
      );
    } catch (error) {
      return err(failure('credentials', `No connection can be made: ${errorText(error)}.`));
    }
  }
}

/** Connections that are open, or being opened, with a certificate. */
interface Connections {
  readonly certificate: ClientCertificate | undefined;
  readonly dispatcher: Promise<Result<Dispatcher, KubeFailure>>;
  /** How many wait for the beginning of an answer: a proxy that is closed before lets no one through. */
  users: number;
}

/** Connections that nobody begins to use any more end with the answers that are under way. */
function closeUnused({ users, dispatcher }: Connections): void {
  if (users > 0) return;
  void dispatcher.then((opened) => (opened.ok ? opened.value.close() : undefined)).catch(() => undefined);
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.certificate === b.certificate && a.key.reveal() === b.key.reveal();
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error';
}
