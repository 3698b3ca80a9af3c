import { z } from 'zod';
import { defineRoute, PERMISSIONS, ROLES, ROLES_OF_PEOPLE } from './contract.ts';
import { count, moment, rowId } from './vocabulary.ts';

const role = z.enum(Object.keys(ROLES) as [keyof typeof ROLES, ...(keyof typeof ROLES)[]]);

/** A role that a user is given; who has another one from before keeps it. */
export const personRole = z.enum(ROLES_OF_PEOPLE, {
  error: `must be ${ROLES_OF_PEOPLE.join(' or ')}: other roles are for tokens, and see nothing`,
});

/** What somebody may see: all, or what is named. */
export const limits = z.strictObject({
  clusters: z.union([z.literal('all'), z.array(z.int().positive())]),
  namespaces: z
    .union([z.literal('all'), z.array(z.string())])
    .describe(
      'Names, and patterns with * for any characters, which take the namespaces that fit them whenever something is asked.',
    ),
});

/** A DNS label, as Kubernetes asks of namespaces (RFC 1123), in which stars may stand for any characters. */
const NAMESPACE = /^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/;

/** Limits that somebody gives: of what can be no namespace or cluster, nobody would see anything. */
export const givenLimits = limits.extend({
  clusters: z.union([z.literal('all'), z.array(rowId)]),
  namespaces: z.union([
    z.literal('all'),
    z.array(
      z.string().regex(NAMESPACE, 'must be the name of a namespace, or a pattern of names such as pay*'),
    ),
  ]),
});

export const session = z.strictObject({
  user: z.string().describe('Name of who is signed in.'),
  role,
  permissions: z.array(z.enum(PERMISSIONS)),
  limits,
  csrf: z.string().describe('Goes back in the header X-CSRF-Token with every change.'),
  expires: moment,
  hasPassword: z.boolean().describe('Whether this user can sign in by a password; a token cannot.'),
  isDemo: z.boolean().describe('Whether what is shown is made up.'),
  version: z.string().describe('Version of Bulwark.'),
  retentionDays: count.describe('For how many days the past is kept.'),
});
export type Session = z.output<typeof session>;

export const sessionRoutes = {
  signIn: defineRoute({
    id: 'signIn',
    method: 'POST',
    path: '/api/v1/session',
    permission: 'public',
    tag: 'session',
    summary: 'Signs in with a name and a password, or with the token of a one-time link.',
    // Nobody is known yet, and so nobody can be held to a share.
    mostBody: 16 * 1024,
    body: z.union([
      z.strictObject({ user: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
      z.strictObject({ link: z.string().min(1).max(200) }),
    ]),
    response: session,
  }),
  getSession: defineRoute({
    id: 'getSession',
    method: 'GET',
    path: '/api/v1/session',
    permission: 'self',
    tag: 'session',
    summary: 'Says who is signed in, and what they may do.',
    response: session,
  }),
  signOut: defineRoute({
    id: 'signOut',
    method: 'DELETE',
    path: '/api/v1/session',
    permission: 'self',
    tag: 'session',
    summary: 'Ends the session.',
  }),
  changePassword: defineRoute({
    id: 'changePassword',
    method: 'PUT',
    path: '/api/v1/session/password',
    permission: 'self',
    tag: 'session',
    summary: 'Sets a new password and ends all other sessions of the user.',
    body: z.strictObject({
      current: z.string().max(1000).optional(),
      password: z.string().min(12).max(1000),
    }),
  }),
} as const;
export { role as roleSchema };
