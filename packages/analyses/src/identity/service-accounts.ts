import { type Analysis, arrayAt, get, objectAt, type Resource, stringAt, type Workload } from '@bulwark/core';
import { effectiveRules } from './effective-rules.ts';
import { type Subject, subjectKey } from './subjects.ts';

/** The account that the API server gives to a pod that names none. */
export const DEFAULT_SERVICE_ACCOUNT = 'default';
const SERVICE_ACCOUNT_USER = 'system:serviceaccount:';

/** The service account that pods of a template run as: the deprecated field counts where the other is empty. */
export function serviceAccountOf(spec: Workload['spec']): string {
  return stringAt(spec, 'serviceAccountName') || stringAt(spec, 'serviceAccount') || DEFAULT_SERVICE_ACCOUNT;
}

/** Whether pods mount a token of their service account in a volume of their own, whatever the kubelet does by itself. */
export function projectsToken(spec: Workload['spec']): boolean {
  return (arrayAt(spec, 'volumes') ?? []).some((volume) =>
    (arrayAt(volume, 'projected', 'sources') ?? []).some(
      (each) => get(each, 'serviceAccountToken') !== undefined,
    ),
  );
}

/** Whether a subject is a service account, named as one or as the user that it is to the API server. */
export function asServiceAccount(subject: Subject): Subject | undefined {
  if (subject.kind === 'ServiceAccount') return subject;
  if (subject.kind !== 'User' || !subject.name.startsWith(SERVICE_ACCOUNT_USER)) return undefined;
  const [namespace = '', name = ''] = subject.name.slice(SERVICE_ACCOUNT_USER.length).split(':');
  return { kind: 'ServiceAccount', namespace, name };
}

/** Whether an object says in which namespace it is; in files it is often the deploy tool that decides. */
export function hasWrittenNamespace({ object }: Resource): boolean {
  return (stringAt(objectAt(object, 'metadata'), 'namespace') ?? '') !== '';
}

/** Which service accounts bindings name. */
export interface BoundServiceAccounts {
  /**
   * Whether a binding names the service account that a template runs as, or all of its namespace. A binding has to say
   * its namespace, so an object that leaves that to the deploy tool is found by the account's name alone.
   */
  isBound(resource: Resource, name: string): boolean;
}

/** The service accounts that any binding names, its role known or not. Cost: linear in subjects. */
export const boundServiceAccounts: Analysis<BoundServiceAccounts> = {
  id: 'bound-service-accounts',
  reads: [effectiveRules],
  compute(world) {
    const keys = new Set<string>();
    const names = new Set<string>();
    for (const subject of world.get(effectiveRules).subjects) {
      keys.add(subjectKey(subject));
      const account = asServiceAccount(subject);
      if (account !== undefined) names.add(account.name);
    }
    return {
      isBound: (resource, name) =>
        keys.has(subjectKey({ kind: 'ServiceAccount', namespace: resource.namespace, name })) ||
        keys.has(`group:system:serviceaccounts:${resource.namespace}`) ||
        (name !== DEFAULT_SERVICE_ACCOUNT && names.has(name) && !hasWrittenNamespace(resource)),
    };
  },
};
