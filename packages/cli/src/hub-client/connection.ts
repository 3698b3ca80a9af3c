import {
  HubClient,
  HubError,
  ROLES,
  ROUTES,
  type RouteId,
  type RouteRequest,
  type RouteResult,
  type Send,
} from '@bulwark/api';
import { UsageError } from '../exit.ts';
import type { AskFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { type HubAddress, hubAddress } from './address.ts';
import { noAnswer, refusal } from './problems.ts';
import { NoAnswer, sendTo } from './send.ts';

/** A hub that answers commands; all that goes wrong is a `UsageError`. */
export class HubConnection {
  readonly url: string;
  private readonly client: HubClient;
  private readonly send: Send;
  private readonly version: string;
  private readonly authorization: Readonly<Record<string, string>>;

  constructor({ url, token, ...rest }: HubAddress, version: string) {
    this.url = url;
    this.version = version;
    this.authorization = {
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': `bulwark/${version}`,
    };
    this.send = sendTo(rest);
    this.client = new HubClient(this.send, url, () => this.authorization);
  }

  /**
   * Asks for a route.
   *
   * @throws UsageError where the hub cannot be reached, refuses, or answers what is not understood.
   */
  async call<Id extends RouteId>(
    id: Id,
    request: RouteRequest<(typeof ROUTES)[Id]>,
  ): Promise<RouteResult<(typeof ROUTES)[Id]>> {
    try {
      return await this.client.call(id, request);
    } catch (error) {
      if (error instanceof NoAnswer) throw noAnswer(this.url, error);
      if (!(error instanceof HubError)) throw error;
      const { problem } = error;
      const { path, permission } = ROUTES[id];
      const isUnknownRoute = problem.status === 404 && !path.includes(':');
      if (problem.code === 'unexpected-answer' || isUnknownRoute)
        throw await this.misunderstood(problem.status);
      const { q } = (request.query ?? {}) as { readonly q?: string };
      const allowed = problem.status === 403 ? await this.allowed(permission) : undefined;
      throw refusal(problem, { q, allowed });
    }
  }

  /** Which roles may do what this token's may not. */
  private async allowed(permission: string): Promise<string> {
    const roles = Object.entries(ROLES)
      .filter(([, permissions]) => permissions.some((each) => each === permission))
      .map(([role]) => role);
    const session = await this.client.call('getSession', {}).catch(() => undefined);
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
  return new HubConnection(hubAddress(flags, io), io.version);
}
