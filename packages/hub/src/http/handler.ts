import type { ROUTES, RouteContract, RouteId, RouteInput, RouteOutput } from '@bulwark/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';

/** What a handler knows besides its input. `caller` is there wherever the contract asks for more than `public`. */
export interface RequestContext {
  readonly caller: Caller;
  readonly now: Date;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Adds to the line of the audit log what neither the input nor the answer says, such as the name of what is removed. */
  readonly note: (facts: Readonly<Record<string, string | number>>) => void;
}

/** Answers one route. A route with a stream answers through the reply. */
export type Handler<C extends RouteContract> = (
  input: RouteInput<C>,
  context: RequestContext,
) => Promise<RouteOutput<C>> | RouteOutput<C>;

/** The handlers of some routes, each of the type that its contract asks for. */
export type Handlers<Ids extends RouteId = RouteId> = { readonly [Id in Ids]: Handler<(typeof ROUTES)[Id]> };
