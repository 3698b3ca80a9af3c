import { setTimeout as pause } from 'node:timers/promises';
import {
  addressOf,
  HubClient,
  HubError,
  type Problem,
  problemOf,
  ROLES,
  ROUTES,
  type RouteId,
  type RouteRequest,
  type RouteResult,
  type Send,
} from '@bulwark/api';
import { proxyFromEnvironment } from '@bulwark/kube';
import { UsageError } from '../exit.ts';
import type { AskFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { type HubAddress, hubAddress } from './address.ts';
import { noAnswer, refusal } from './problems.ts';
import { type Ask, askAt, NoAnswer, textOf, wholeAnswers } from './send.ts';

// A hub counts requests by the minute (RFC 6585, 4): whoever takes a long list away waits for the next one.
const TOO_MANY_REQUESTS = 429;
const OK = 200;
const USUAL_PAUSE_MS = 5000;
const MOST_TRIES = 15;

/** The parts of a request that may hold a query. */
interface Asked {
  readonly query?: unknown;
  readonly body?: unknown;
}

/** The query of a request, as it was written. */
function queryOf({ query, body }: Asked): string | undefined {
  const asked = (query ?? body ?? {}) as { readonly q?: unknown };
  return typeof asked.q === 'string' ? asked.q : undefined;
}

/** A hub that answers commands; all that goes wrong is a `UsageError`. */
export class HubConnection {
  readonly url: string;
  readonly proxy: HubAddress['proxy'];
  private readonly client: HubClient;
  private readonly ask: Ask;
  private readonly send: Send;
  private readonly version: string;
  private readonly authorization: Readonly<Record<string, string>>;
  private readonly pauseMs: number;

  /** @param pauseMs how long to wait where a hub says that it is asked too often. */
  constructor({ url, token, ca, proxy }: HubAddress, version: string, pauseMs = USUAL_PAUSE_MS) {
    this.url = url;
    this.proxy = proxy;
    this.pauseMs = pauseMs;
    this.version = version;
    this.authorization = {
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': `bulwark/${version}`,
    };
    this.ask = askAt({ url, proxy, ...(ca !== undefined && { ca }) });
    this.send = wholeAnswers(this.ask);
    this.client = new HubClient(this.send, url, () => this.authorization);
  }

  /**
   * Asks for a route.
   *
   * @throws UsageError where the hub cannot be reached, refuses, or answers what is not understood.
   */
  call<Id extends RouteId>(
    id: Id,
    request: RouteRequest<(typeof ROUTES)[Id]>,
  ): Promise<RouteResult<(typeof ROUTES)[Id]>> {
    return this.patiently(id, request, () => this.client.call(id, request));
  }

  /**
   * Asks for a report, which may be larger than what fits into memory.
   *
   * @returns its pieces as they come; reading them throws as `call` does where it breaks off.
   * @throws UsageError as `call` does.
   */
  async report(
    request: RouteRequest<(typeof ROUTES)['exportFramework']>,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { params, query } = request;
    const address = addressOf(ROUTES.exportFramework, params, query);
    return this.patiently('exportFramework', request, async () => {
      const { status, pieces } = await this.ask(this.url + address, {
        method: 'GET',
        headers: this.authorization,
      });
      if (status !== OK) throw new HubError(problemOf(status, await textOf(pieces)));
      return this.unbroken(pieces);
    });
  }

  private async *unbroken(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      throw error instanceof NoAnswer ? noAnswer(this, error) : error;
    }
  }

  /** Asks, and asks again later where the hub is asked too often. */
  private async patiently<T>(id: RouteId, request: Asked, ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof NoAnswer) throw noAnswer(this, error);
        if (!(error instanceof HubError)) throw error;
        const isPatient = error.problem.status === TOO_MANY_REQUESTS && tries < MOST_TRIES;
        if (!isPatient) throw await this.faultOf(id, error.problem, queryOf(request));
      }
      await pause(this.pauseMs);
    }
  }

  private async faultOf(id: RouteId, problem: Problem, q: string | undefined): Promise<UsageError> {
    const { path, permission } = ROUTES[id];
    const isUnknownRoute = problem.status === 404 && !path.includes(':');
    if (problem.code === 'unexpected-answer' || isUnknownRoute) return this.misunderstood(problem.status);
    const allowed = problem.status === 403 ? await this.allowed(permission) : undefined;
    return refusal(problem, { q, allowed });
  }

  /** Which roles may do what this token's may not; undefined where its role may, and something else is in the way. */
  private async allowed(permission: string): Promise<string | undefined> {
    const roles = Object.entries(ROLES)
      .filter(([, permissions]) => permissions.some((each) => each === permission))
      .map(([role]) => role);
    const session = await this.client.call('getSession', {}).catch(() => undefined);
    if (session !== undefined && roles.includes(session.role)) return undefined;
    const own = session === undefined ? '' : `; the token's role is ${session.role}`;
    return `It takes the permission ${permission}, which the roles ${roles.join(', ')} have${own}.`;
  }

  /** An answer that is none of the contract's: of another version, or of something that is no hub. */
  private async misunderstood(status: number): Promise<UsageError> {
    const theirs = await this.theirVersion();
    if (theirs === undefined)
      return new UsageError(`what answers at ${this.url} is no Bulwark hub (status ${status})`);
    return new UsageError(
      theirs === this.version
        ? `the hub at ${this.url} answers what this program does not understand (status ${status}), though both are ${theirs}`
        : `the hub at ${this.url} is version ${theirs} and this is ${this.version}, which do not understand each other; take the hub's version`,
    );
  }

  private async theirVersion(): Promise<string | undefined> {
    try {
      const headers = { accept: 'application/json', ...this.authorization };
      const answer = await this.send(`${this.url}${ROUTES.getSession.path}`, { method: 'GET', headers });
      const { version } = JSON.parse(await answer.text()) as { readonly version?: unknown };
      return typeof version === 'string' ? version : undefined;
    } catch {
      // No answer or no JSON: it is no hub.
      return undefined;
    }
  }
}

/**
 * The hub that flags and variables name; nothing is sent yet.
 *
 * @throws UsageError where they do not.
 */
export function connectionTo(flags: AskFlags, io: Io): HubConnection {
  const address = hubAddress(flags, io);
  const proxy = proxyFromEnvironment(new URL(address.url), io.env);
  return new HubConnection({ ...address, proxy }, io.version);
}
