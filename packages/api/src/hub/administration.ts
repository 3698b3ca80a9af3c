import { z } from 'zod';
import { defineRoute } from './contract.ts';
import { ownerFields } from './owner.ts';
import { givenLimits, limits, personRole, roleSchema } from './session.ts';
import { count, counts, idParams, listQuery, moment, pageOf, severity } from './vocabulary.ts';

export const user = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  role: roleSchema,
  limits,
  lastSeen: moment.nullable().describe('When they last signed in.'),
  isLocked: z
    .boolean()
    .describe('Whether wrong passwords lock the name, but for browsers with which the user has signed in.'),
  createdAt: moment,
});

export const token = z.strictObject({
  id: z.int().positive(),
  name: z.string(),
  role: roleSchema,
  limits,
  owner: z.string(),
  createdAt: moment,
  expires: moment,
  lastUsed: moment.nullable(),
});

/** The audit log names people and tokens by it: two that look alike must not be two. */
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must not hold characters that cannot be seen')
  .regex(/^(?!\s)(?!.*\s{2})(?!.*\s$)/u, 'must not begin or end with a space, nor have two in a row');

/** Tokens act as `token NAME`, and who works on the machine as `NAME (terminal)`: nobody who signs in passes for one. */
const userName = name
  .regex(/^(?!token )/i, 'must not begin with "token ", which tokens are called')
  .regex(/^(?!.*\(terminal\)$)/i, 'must not end with "(terminal)", as who works on the machine is called');

export const auditItem = z.strictObject({
  id: z.int(),
  at: moment,
  actor: z.string(),
  address: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
});
export type AuditItem = z.output<typeof auditItem>;

export const team = z.strictObject({
  ...ownerFields,
  isMine: z.boolean().describe('Whether who asks is it by name, or is named among its contacts.'),
  workloads: count,
  namespaces: count,
  findings: counts,
  oldest: moment.nullable(),
  top: z
    .array(
      z.strictObject({
        control: z.string(),
        title: z.string(),
        severity,
        findings: count,
        oldest: moment.nullable().describe('Since when the oldest of these findings is there.'),
      }),
    )
    .describe('The first five rows of the queue of what is theirs.'),
  contacts: z.array(z.string()),
});
export type TeamItem = z.output<typeof team>;
export type UserItem = z.output<typeof user>;
export type TokenItem = z.output<typeof token>;

const keys = z.array(z.string()).describe('Labels and annotations, the best first.');

export const ownership = z
  .strictObject({
    ownerKeys: keys,
    contactKeys: keys,
    environmentKeys: keys,
    criticalityKeys: keys,
    rules: z.array(
      z.strictObject({
        source: z.string().describe('File and line.'),
        scope: z
          .string()
          .describe('NAMESPACE, NAMESPACE/NAME or NAMESPACE/KIND/NAME, with * for any characters.'),
        owner: z.string().nullable(),
        contacts: z.array(z.string()),
      }),
    ),
  })
  .describe('How the hub knows whose an object is. Later rules win, and rules win over keys.');

export const administrationRoutes = {
  getOwnership: defineRoute({
    id: 'getOwnership',
    method: 'GET',
    path: '/api/v1/ownership',
    permission: 'administer',
    tag: 'owners',
    summary: 'Says how owners are known: by which labels and annotations, and by which rules.',
    response: ownership,
  }),
  listTeams: defineRoute({
    id: 'listTeams',
    method: 'GET',
    path: '/api/v1/owners',
    permission: 'view',
    tag: 'owners',
    summary:
      'Lists owners with what is theirs, first those of who asks; the one without a name is what nobody owns.',
    query: listQuery.pick({ q: true, cluster: true, namespace: true }),
    response: pageOf(team).extend({
      returns: moment
        .nullable()
        .describe('When the first finding that is deferred comes back to what is first; null for none.'),
    }),
  }),
  listUsers: defineRoute({
    id: 'listUsers',
    method: 'GET',
    path: '/api/v1/users',
    permission: 'administer',
    tag: 'users',
    summary: 'Lists users.',
    response: z.strictObject({ items: z.array(user) }),
  }),
  createUser: defineRoute({
    id: 'createUser',
    method: 'POST',
    path: '/api/v1/users',
    permission: 'administer',
    byPeople: true,
    tag: 'users',
    summary: 'Adds a user; they choose a password through the link that is answered, once.',
    body: z.strictObject({ name: userName, role: personRole, limits: givenLimits.optional() }),
    response: user.extend({ link: z.string() }),
  }),
  updateUser: defineRoute({
    id: 'updateUser',
    method: 'PATCH',
    path: '/api/v1/users/:id',
    permission: 'administer',
    byPeople: true,
    tag: 'users',
    summary:
      'Changes the role or the limits of a user, or unlocks them; tokens of theirs that go beyond end.',
    params: idParams,
    body: z.strictObject({
      role: personRole.optional(),
      limits: givenLimits.optional(),
      isLocked: z.literal(false).optional(),
    }),
    response: user,
  }),
  linkUser: defineRoute({
    id: 'linkUser',
    method: 'POST',
    path: '/api/v1/users/:id/link',
    permission: 'administer',
    byPeople: true,
    tag: 'users',
    summary:
      'Makes a link that signs a user in, once, within a day, to choose a password: the old one counts no more.',
    params: idParams,
    response: z.strictObject({ link: z.string() }),
  }),
  deleteUser: defineRoute({
    id: 'deleteUser',
    method: 'DELETE',
    path: '/api/v1/users/:id',
    permission: 'administer',
    tag: 'users',
    summary: 'Removes a user with their sessions and tokens.',
    params: idParams,
  }),
  listTokens: defineRoute({
    id: 'listTokens',
    method: 'GET',
    path: '/api/v1/tokens',
    permission: 'administer',
    tag: 'tokens',
    summary: 'Lists API tokens, never what they are.',
    response: z.strictObject({ items: z.array(token) }),
  }),
  createToken: defineRoute({
    id: 'createToken',
    method: 'POST',
    path: '/api/v1/tokens',
    permission: 'administer',
    byPeople: true,
    tag: 'tokens',
    summary: 'Makes an API token; it is answered once.',
    body: z.strictObject({
      name,
      role: roleSchema,
      limits: givenLimits.optional(),
      days: z.int().min(1).max(366),
    }),
    response: token.extend({ secret: z.string() }),
  }),
  revokeToken: defineRoute({
    id: 'revokeToken',
    method: 'DELETE',
    path: '/api/v1/tokens/:id',
    permission: 'administer',
    tag: 'tokens',
    summary: 'Ends an API token.',
    params: idParams,
  }),
  listAudit: defineRoute({
    id: 'listAudit',
    method: 'GET',
    path: '/api/v1/audit',
    permission: 'administer',
    tag: 'audit',
    summary: "Lists the hub's own audit log, newest first.",
    query: listQuery.pick({ limit: true, cursor: true }),
    response: pageOf(auditItem),
  }),
} as const;
