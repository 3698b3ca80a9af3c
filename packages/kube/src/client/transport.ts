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
  private dispatcher: Dispatcher | undefined;
  private certificate: ClientCertificate | undefined;
  /** Aborts at the end: a dispatcher that is destroyed waits for connections that are being made. */
  private readonly ending = new AbortController();

  constructor(access: ClusterAccess) {
    this.access = access;
    // Every connection that is open listens to it, which is no leak.
    setMaxListeners(0, this.ending.signal);
  }

  /** Connections that use a client certificate. */
  async for(certificate: ClientCertificate | undefined): Promise<Result<Dispatcher, KubeFailure>> {
    if (this.ending.signal.aborted) return err(failure('aborted', 'The connections are closed.'));
    if (this.dispatcher !== undefined && isSame(certificate, this.certificate)) return ok(this.dispatcher);
    const { trust } = this.access;
    const authorities = trust.insecure ? ok(undefined) : await trust.authorities();
    if (!authorities.ok) return authorities;
    this.forget();
    try {
      const { server, proxy } = this.access;
      this.dispatcher = dispatcherTo(server, {
        authorities: authorities.value,
        certificate,
        serverName: trust.serverName,
        insecure: trust.insecure,
        proxy,
        signal: this.ending.signal,
      });
    } catch (error) {
      return err(failure('credentials', `No connection can be made: ${errorText(error)}.`));
    }
    this.certificate = certificate;
    return ok(this.dispatcher);
  }

  /** Opens new connections from now on: what is trusted may have changed. */
  forget(): void {
    // Ends after the requests that are under way.
    this.dispatcher?.close().catch(() => undefined);
    this.dispatcher = undefined;
  }

  /** Cuts all connections, also those of before and those that are being made; none is opened any more. */
  async close(): Promise<void> {
    const { dispatcher } = this;
    this.dispatcher = undefined;
    this.ending.abort();
    await dispatcher?.destroy();
  }
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.certificate === b.certificate && a.key.reveal() === b.key.reveal();
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error';
}
