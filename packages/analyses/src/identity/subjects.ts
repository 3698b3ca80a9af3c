import { arrayAt, isObject, type Resource, stringAt } from '@bulwark/core';

/** Who a binding names. `namespace` is empty but for service accounts. */
export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly namespace: string;
  readonly name: string;
}

/** The groups that every authenticated user is in, and those of service accounts. */
export const AUTHENTICATED = 'system:authenticated';
const SERVICE_ACCOUNTS = 'system:serviceaccounts';
const SERVICE_ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** A subject's name over all kinds: service accounts have their user name, so that both ways to bind them meet. */
export function subjectKey(subject: Subject): string {
  if (subject.kind === 'Group') return `group:${subject.name}`;
  if (subject.kind === 'ServiceAccount')
    return `user:system:serviceaccount:${subject.namespace}:${subject.name}`;
  return `user:${subject.name}`;
}

/** The subjects of a binding; a service account without a namespace names nobody. */
export function subjectsOf(binding: Resource): readonly Subject[] {
  return (arrayAt(binding.object, 'subjects') ?? []).filter(isObject).flatMap((subject): Subject[] => {
    const kind = stringAt(subject, 'kind');
    const name = stringAt(subject, 'name') ?? '';
    const namespace = stringAt(subject, 'namespace') ?? '';
    if (name === '') return [];
    if (kind === 'User' || kind === 'Group') return [{ kind, name, namespace: '' }];
    return kind === 'ServiceAccount' && namespace !== '' ? [{ kind, name, namespace }] : [];
  });
}

/**
 * The groups that a subject is in without being told: service accounts are in the groups of all service accounts and of
 * their namespace's, every user but the anonymous one is authenticated (Kubernetes documentation, Authenticating).
 */
export function impliedGroups(subject: Subject): readonly string[] {
  if (subject.kind === 'Group') return [];
  if (subject.kind === 'User' && subject.name === 'system:anonymous') return ['system:unauthenticated'];
  const match = subject.kind === 'User' ? SERVICE_ACCOUNT_USER.exec(subject.name) : null;
  const namespace = subject.kind === 'ServiceAccount' ? subject.namespace : match?.[1];
  return namespace === undefined
    ? [AUTHENTICATED]
    : [SERVICE_ACCOUNTS, `${SERVICE_ACCOUNTS}:${namespace}`, AUTHENTICATED];
}
