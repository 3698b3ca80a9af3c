import { asServiceAccount, DEFAULT_SERVICE_ACCOUNT } from '@bulwark/analyses';
import type { NamedSubject } from './bindings.ts';

/** The group that the API server never asks RBAC about. */
export const MASTERS = 'system:masters';
/** Anybody at all: requests without a credential are of this user and this group. */
const ANONYMOUS: readonly string[] = ['User system:anonymous', 'Group system:unauthenticated'];
/** Anybody with a credential of any kind, and every pod that has a token. */
const EVERYBODY: readonly string[] = [
  'Group system:authenticated',
  'Group system:authenticated:oauth',
  'Group system:serviceaccounts',
];

/** Whether the subject stands for requests without a credential. */
export function isAnonymous({ kind, name }: NamedSubject): boolean {
  return ANONYMOUS.includes(`${kind} ${name}`);
}

/** Whether the subject is a group that everybody, or every service account, is in. */
export function isEverybody({ kind, name }: NamedSubject): boolean {
  return EVERYBODY.includes(`${kind} ${name}`);
}

/** Whether the subject is somebody of the team: neither a service account nor a name that Kubernetes reserves. */
export function isPerson({ kind, name }: NamedSubject): boolean {
  return (kind === 'User' || kind === 'Group') && !name.startsWith('system:');
}

/** Whether programs hold the subject, or everybody does. */
export function isMachine(subject: NamedSubject): boolean {
  return !isPerson(subject) && !(subject.kind === 'Group' && subject.name === MASTERS);
}

/** Whether the subject is the service account of pods that name none. */
export function isDefaultAccount({ kind, name, namespace }: NamedSubject): boolean {
  if (kind !== 'ServiceAccount' && kind !== 'User') return false;
  return asServiceAccount({ kind, name, namespace })?.name === DEFAULT_SERVICE_ACCOUNT;
}
