import type { Role } from '@bulwark/api';
import { AppError, type OwnershipSettings } from '@bulwark/core';
import {
  clusterNames,
  createUser,
  deleteToken,
  deleteUser,
  listAudit,
  listTokens,
  listUsers,
  resetPassword,
  type Store,
  type TokenRecord,
  type UserRecord,
  updateUser,
} from '@bulwark/store';
import type { Authenticator } from '../access/authenticate.ts';
import { beyond, type Caller, covers } from '../access/caller.ts';
import { issueToken } from '../access/issue.ts';
import { isLockedAt } from '../access/lockout.ts';
import type { Handlers } from '../http/handler.ts';
import { iso, isoOrNull } from './convert.ts';
import { mustKnowClusters } from './known-clusters.ts';
import { rowBelow } from './list-request.ts';

const EVERYTHING = { clusters: 'all', namespaces: 'all' } as const;

export interface AdministrationSettings {
  readonly ownership: OwnershipSettings;
  readonly store: Store;
  readonly authenticator: Authenticator;
  /** Where the page is, for links. */
  readonly origin: () => string;
}

function limitsOf({ clusters, namespaces }: UserRecord['limits']) {
  return {
    clusters: clusters === 'all' ? clusters : [...clusters],
    namespaces: namespaces === 'all' ? namespaces : [...namespaces],
  };
}

function userItem(record: UserRecord, now: Date) {
  const { id, name, role, limits, lastSeen, createdAt } = record;
  return {
    id,
    name,
    role: role as Role,
    limits: limitsOf(limits),
    lastSeen: isoOrNull(lastSeen),
    isLocked: isLockedAt(now, record),
    createdAt: iso(createdAt),
  };
}

function tokenItem({ id, name, role, limits, owner, createdAt, expires, lastUsed }: TokenRecord) {
  return {
    id,
    name,
    role: role as Role,
    limits: limitsOf(limits),
    owner,
    createdAt: iso(createdAt),
    expires: iso(expires),
    lastUsed: isoOrNull(lastUsed),
  };
}

/** Where rights go beyond those of who gives them, by the place in what was sent. */
const BEYOND = {
  role: { path: 'role', message: 'goes beyond your own role' },
  clusters: { path: 'limits.clusters', message: 'go beyond the clusters that you are limited to' },
  namespaces: { path: 'limits.namespaces', message: 'go beyond the namespaces that you are limited to' },
} as const;

/** Nobody gives more than they have. */
function mayGive(
  { role, limits = EVERYTHING }: { readonly role: Role; readonly limits?: Caller['limits'] | undefined },
  caller: Caller,
): void {
  const errors = beyond(caller, { role, limits }).map((part) => BEYOND[part]);
  if (errors.length > 0)
    throw new AppError('not-allowed', { detail: 'The role and the limits go beyond your own.', errors });
}

/** Ends the tokens of a user that may do more than the user. */
async function endBeyond(store: Store, { name, role, limits }: UserRecord): Promise<void> {
  const own = { role: role as Role, limits };
  for (const token of await listTokens(store))
    if (token.owner === name && !covers(own, { role: token.role as Role, limits: token.limits }))
      await deleteToken(store, token.id);
}

/** A user as the audit log names them, also when they are gone. */
async function namedUser(store: Store, id: number): Promise<{ readonly name: string }> {
  const known = (await listUsers(store)).find((each) => each.id === id);
  if (known === undefined) throw new AppError('not-found');
  return { name: known.name };
}

function ownershipShown({ rules, ...keys }: OwnershipSettings) {
  const anyOf = (patterns: readonly string[] | undefined): string => patterns?.join('|') ?? '*';
  return {
    ownerKeys: [...keys.ownerKeys],
    contactKeys: [...keys.contactKeys],
    environmentKeys: [...keys.environmentKeys],
    criticalityKeys: [...keys.criticalityKeys],
    rules: rules.map(({ source, scope: { namespaces, kinds, names }, owner, contacts = [] }) => ({
      source,
      scope: [
        anyOf(namespaces),
        ...(kinds === undefined ? [] : [anyOf(kinds)]),
        ...(kinds === undefined && names === undefined ? [] : [anyOf(names)]),
      ].join('/'),
      owner: owner ?? null,
      contacts: [...contacts],
    })),
  };
}

/** How owners are known, users, tokens and the hub's own audit log. */
export function administrationHandlers(
  settings: AdministrationSettings,
): Handlers<
  | 'getOwnership'
  | 'listUsers'
  | 'createUser'
  | 'updateUser'
  | 'linkUser'
  | 'deleteUser'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'listAudit'
> {
  const { store, authenticator, origin } = settings;
  return {
    getOwnership: () => ownershipShown(settings.ownership),
    listUsers: async (_input, { now }) => ({
      items: (await listUsers(store)).map((record) => userItem(record, now)),
    }),
    createUser: async ({ body }, { caller, now }) => {
      mayGive(body, caller);
      mustKnowClusters(body.limits?.clusters, await clusterNames(store), 'limits.clusters');
      const record = await createUser(store, {
        name: body.name,
        role: body.role,
        limits: body.limits ?? EVERYTHING,
        createdAt: now,
      });
      return {
        ...userItem(record, now),
        link: `${origin()}/#link=${await authenticator.linkFor(record.id)}`,
      };
    },
    updateUser: async ({ params, body }, { caller, now }) => {
      if (params.id === caller.userId && (body.role ?? body.limits) !== undefined)
        throw new AppError('conflict', { detail: 'You cannot change your own role and limits.' });
      const known = (await listUsers(store)).find(({ id }) => id === params.id);
      if (known === undefined) throw new AppError('not-found');
      mayGive({ role: body.role ?? (known.role as Role), limits: body.limits ?? known.limits }, caller);
      // Those that were there when they were given may be given again.
      const had = known.limits.clusters === 'all' ? [] : known.limits.clusters;
      const clusters = new Set([...(await clusterNames(store)).keys(), ...had]);
      mustKnowClusters(body.limits?.clusters, clusters, 'limits.clusters');
      const record = await updateUser(store, params.id, body);
      if (record === undefined) throw new AppError('not-found');
      await endBeyond(store, record);
      return userItem(record, now);
    },
    linkUser: async ({ params }, { note }) => {
      note(await namedUser(store, params.id));
      if (!(await resetPassword(store, params.id))) throw new AppError('not-found');
      return { link: `${origin()}/#link=${await authenticator.linkFor(params.id)}` };
    },
    deleteUser: async ({ params }, { caller, note }) => {
      if (params.id === caller.userId)
        throw new AppError('conflict', { detail: 'You cannot remove yourself.' });
      note(await namedUser(store, params.id));
      if (!(await deleteUser(store, params.id))) throw new AppError('not-found');
      return undefined;
    },
    listTokens: async () => ({ items: (await listTokens(store)).map(tokenItem) }),
    createToken: async ({ body }, { caller, now }) => {
      mayGive(body, caller);
      mustKnowClusters(body.limits?.clusters, await clusterNames(store), 'limits.clusters');
      const { record, secret } = await issueToken(store, body, { owner: caller.person, now });
      return { ...tokenItem(record), secret };
    },
    revokeToken: async ({ params }, { note }) => {
      const known = (await listTokens(store)).find(({ id }) => id === params.id);
      if (known !== undefined) note({ name: known.name, owner: known.owner });
      if (!(await deleteToken(store, params.id))) throw new AppError('not-found');
      return undefined;
    },
    listAudit: async ({ query }) => {
      const records = await listAudit(store, query.limit + 1, rowBelow(query.cursor));
      const items = records.slice(0, query.limit).map((record) => ({ ...record, at: iso(record.at) }));
      const last = items.at(-1);
      return {
        items,
        next: records.length > query.limit && last !== undefined ? String(last.id) : null,
        total: null,
      };
    },
  };
}
