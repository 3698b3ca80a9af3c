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
  private current: Opened | undefined;
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
    if (this.current === undefined || !isSame(certificate, this.current.certificate)) {
      void end(this.current, closing);
      this.current = { certificate, dispatcher: this.open(certificate) };
    }
    // All who come meanwhile wait for the same: what one of them opened, the next would close.
    const { current } = this;
    const opened = await current.dispatcher;
    if (!opened.ok && this.current === current) this.current = undefined;
    return opened;
  }

  /** Opens others than these from now on: what is trusted may have changed. */
  async forget(dispatcher: Dispatcher): Promise<void> {
    const { current } = this;
    const opened = await current?.dispatcher;
    if (this.current !== current || opened?.ok !== true || opened.value !== dispatcher) return;
    this.current = undefined;
    void end(current, closing);
  }

  /** Cuts all connections, also those of before and those that are being made; none is opened any more. */
  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    this.ending.abort();
    await end(current, (dispatcher) => dispatcher.destroy());
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
interface Opened {
  readonly certificate: ClientCertificate | undefined;
  readonly dispatcher: Promise<Result<Dispatcher, KubeFailure>>;
}

/** Ends after the requests that are under way. */
const closing = (dispatcher: Dispatcher): Promise<void> => dispatcher.close();

async function end(opened: Opened | undefined, by: (dispatcher: Dispatcher) => Promise<void>): Promise<void> {
  const found = await opened?.dispatcher;
  if (found?.ok === true) await by(found.value).catch(() => undefined);
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.certificate === b.certificate && a.key.reveal() === b.key.reveal();
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error';
}
