import { type Permission, ROLES, type Role } from '@bulwark/api';
import type { Scope } from '@bulwark/store';
import { holdsClusters, holdsNamespaces, type Limits } from './limits.ts';

/** Who makes a request. */
export interface Caller {
  readonly user: string;
  /** The person behind: the owner of a token, else the user. */
  readonly person: string;
  readonly userId: number | undefined;
  readonly role: Role;
  readonly limits: Limits;
  /** What the limits let them see now, made for this request: patterns are those namespaces that fit them. */
  readonly scope: Scope;
  /** How they showed who they are; only a session's cookie is sent by browsers on their own. */
  readonly via: 'session' | 'token';
  /** What their requests are counted by, against too many: one for each session and each token. */
  readonly countedAs: string;
  readonly csrf: string;
  readonly expires: Date;
}

/** Who somebody is, for what is written down; of a token, whose it is too: it may be gone when that is read. */
export function nameInFull({ user, person, via }: Pick<Caller, 'user' | 'person' | 'via'>): string {
  return via === 'token' ? `${user} of ${person}` : user;
}

/** What decides what somebody may do. */
export type Rights = Pick<Caller, 'role' | 'limits'>;

/** Whether a role has a permission. */
export function mayRole(role: Role, permission: Permission): boolean {
  const permissions: readonly Permission[] = ROLES[role];
  return permissions.includes(permission);
}

/** What tells of every cluster and namespace, or lies in none. */
const BEYOND_LIMITS: readonly Permission[] = ['administer', 'measure'];

/**
 * Whether somebody has a permission. Whoever has limits administers nothing: users, tokens and channels are of no cluster and
 * no namespace, and by them the limits could be lifted.
 */
export function may({ role, limits }: Rights, permission: Permission): boolean {
  const hasLimits = limits.clusters !== 'all' || limits.namespaces !== 'all';
  return mayRole(role, permission) && !(BEYOND_LIMITS.includes(permission) && hasLimits);
}

/** Whether rights are no more than somebody's own, so that who has them may give them to others. */
export function covers(own: Rights, given: Rights): boolean {
  return beyond(own, given).length === 0;
}

/** The parts of rights that go beyond somebody's own. */
export function beyond(own: Rights, given: Rights): readonly ('role' | 'clusters' | 'namespaces')[] {
  const hasRole = ROLES[given.role].every((permission) => !may(given, permission) || may(own, permission));
  return [
    ...(hasRole ? [] : ['role' as const]),
    ...(holdsClusters(own.limits, given.limits) ? [] : ['clusters' as const]),
    ...(holdsNamespaces(own.limits, given.limits) ? [] : ['namespaces' as const]),
  ];
}
