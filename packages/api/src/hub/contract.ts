import type { z } from 'zod';

/**
 * What a caller must be allowed to do. `public`: nothing. `self`: be signed in. `view`: see clusters within the caller's
 * limits. `measure`: read the metrics of the hub. `triage`: decide about findings there. `record`: post build records. `deliver`: bring audit events of a cluster.
 * `administer`: everything else.
 */
export const PERMISSIONS = [
  'public',
  'self',
  'view',
  'measure',
  'triage',
  'record',
  'deliver',
  'administer',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Roles, and what each may do. */
export const ROLES = {
  admin: ['public', 'self', 'view', 'measure', 'triage', 'record', 'deliver', 'administer'],
  editor: ['public', 'self', 'view', 'measure', 'triage'],
  viewer: ['public', 'self', 'view', 'measure'],
  ci: ['public', 'self', 'record'],
  'audit-log': ['public', 'self', 'deliver'],
  metrics: ['public', 'self', 'measure'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type Role = keyof typeof ROLES;

/** The roles that people get: with the others, which are for the tokens of programs, nobody sees anything. */
export const ROLES_OF_PEOPLE = ['viewer', 'editor', 'admin'] as const satisfies readonly Role[];

/** One route of the API: the server, the typed client, the OpenAPI document and the permission tests come from it. */
export interface RouteContract {
  /** operationId of the OpenAPI document: a verb and what it is about. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for what `params` holds. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  /** Refused to tokens: it lets somebody in, or further in, and that would outlive the token. */
  readonly byPeople?: true;
  /** What it does, in one sentence. */
  readonly summary: string;
  readonly tag: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Bytes that a body may have, where they are not those of other routes. */
  readonly mostBody?: number;
  /**
   * Where the body is given to the handler as text: what others wrote into it must not decide whether it is taken.
   */
  readonly takesText?: true;
  /** Where it changes nothing, whatever its method: it is asked for with a body that an address could not hold. */
  readonly isQuestion?: true;
  /** Absent where nothing is answered: status 204. */
  readonly response?: z.ZodType;
  /** What is answered instead of one JSON document. */
  readonly stream?: 'events' | 'export' | 'report' | 'text';
  /** The JSON document that a report is, where it is asked for as JSON. */
  readonly document?: z.ZodType;
}

/** Keeps the exact types of a contract. */
export function defineRoute<const C extends RouteContract>(contract: C): C {
  return contract;
}

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;
type Input<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a handler of a route gets, after validation. */
export interface RouteInput<C extends RouteContract> {
  readonly params: Output<C['params']>;
  readonly query: Output<C['query']>;
  readonly body: Output<C['body']>;
}

/** What a handler of a route answers. */
export type RouteOutput<C extends RouteContract> = C['response'] extends z.ZodType
  ? z.input<C['response']>
  : undefined;

/** What a caller of a route gets. */
export type RouteResult<C extends RouteContract> = Output<C['response']>;

/** What a caller of a route gives; parts without a schema are left out. */
export type RouteRequest<C extends RouteContract> = (C['params'] extends z.ZodType
  ? { readonly params: Input<C['params']> }
  : { readonly params?: undefined }) &
  (C['query'] extends z.ZodType ? { readonly query?: Input<C['query']> } : { readonly query?: undefined }) &
  (C['body'] extends z.ZodType ? { readonly body: Input<C['body']> } : { readonly body?: undefined });
