import {
  asServiceAccount,
  CLUSTER_ROLE,
  DEFAULT_SERVICE_ACCOUNT,
  hasKubernetesOwnRole,
  hasWrittenNamespace,
  ROLE,
  ROLE_BINDING,
} from '@bulwark/analyses';
import { defineControl, type ObjectView } from '@bulwark/core';
import {
  bindings,
  boundRole,
  type NamedSubject,
  namedSubjects,
  subjectText,
  whyBuiltIn,
} from './bindings.ts';

const ACCOUNT = 'ServiceAccount';
/** Only a whole cluster has its own role among the objects; in files, roles of vendors are mostly missing. */
const SIGN_OF_A_CLUSTER = 'cluster-admin';

function isRoleMissing({ resource, world }: ObjectView): boolean {
  const { kind, name } = boundRole(resource);
  if (kind === 'ClusterRole')
    return (
      world.find(CLUSTER_ROLE, '', SIGN_OF_A_CLUSTER) !== undefined &&
      world.find(CLUSTER_ROLE, '', name) === undefined
    );
  if (kind !== 'Role' || resource.groupKind !== ROLE_BINDING) return false;
  // No file has the roles that the API server makes.
  if (hasKubernetesOwnRole(resource.namespace, name)) return false;
  // The roles of a namespace lie together: where there are others, this one should be among them.
  return (
    world.inNamespace(ROLE, resource.namespace).length > 0 &&
    world.find(ROLE, resource.namespace, name) === undefined
  );
}

function isAccountMissing(subject: NamedSubject, { world }: ObjectView): boolean {
  const { kind, name, namespace } = subject;
  if (kind !== ACCOUNT && kind !== 'User') return false;
  const account = asServiceAccount({ kind, name, namespace });
  if (account === undefined || account.namespace === '' || account.name === DEFAULT_SERVICE_ACCOUNT)
    return false;
  if (world.find(ACCOUNT, account.namespace, account.name) !== undefined) return false;
  const unplaced = world.find(ACCOUNT, 'default', account.name);
  if (unplaced !== undefined && !hasWrittenNamespace(unplaced)) return false;
  return world
    .inNamespace(ACCOUNT, account.namespace)
    .some((other) => other.name !== DEFAULT_SERVICE_ACCOUNT);
}

export const rbacDanglingBinding = defineControl({
  id: 'rbac-dangling-binding',
  aliases: [],
  title: 'Bindings must not name roles or service accounts that do not exist',
  problem: 'name a role or service account that does not exist',
  message: '{resource} names {missing}, which does not exist.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Such a binding gives nothing today. Tomorrow it gives its role to whoever creates the service account, or lets whoever creates the role decide what its subjects may do. Most are left over from something that was removed, and a few are misspelt and hide that a right is missing.',
  remediation:
    'Remove the binding or the subject, or correct the name. When the role or the service account is in files that were not scanned, scan them together.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review'],
  attack: ['T1098.006'],
  appliesTo: bindings,
  looks: 'world',
  reads: [ROLE, CLUSTER_ROLE, ACCOUNT],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    const { resource, at } = view;
    const { kind, name } = boundRole(resource);
    if (isRoleMissing(view)) yield at('roleRef', { missing: `${kind} ${name}` });
    for (const subject of namedSubjects(resource))
      if (isAccountMissing(subject, view))
        yield at(['subjects', subject.index], { missing: subjectText(subject) });
  },
});
