import {
  allowsResource,
  CLUSTER_ROLE,
  isKubernetesOwnBinding,
  ROLE,
  ROLE_BINDING,
  type Rule,
  roleRules,
  strongNamespaces,
  subjectsOf,
} from '@bulwark/analyses';
import { defineControl, kinds, type ObjectView, type Resource, stringAt } from '@bulwark/core';
import type { Power } from './grants.ts';
import { RUN_PODS } from './workload-resources.ts';

/** All that gives a service account of the namespace: a pod, a workload, or its token. */
const POWERS: readonly Power[] = [
  ...RUN_PODS,
  { verbs: ['create'], groups: [''], resources: ['serviceaccounts/token'] },
];

/** Where these are bound files rarely have them, for every cluster does. */
const ROLES_THAT_RUN_PODS = new Set(['cluster-admin', 'admin', 'edit']);

function boundRole({ resource, world }: ObjectView): Resource | undefined {
  const name = stringAt(resource.object, 'roleRef', 'name') ?? '';
  return stringAt(resource.object, 'roleRef', 'kind') === 'Role'
    ? world.find(ROLE, resource.namespace, name)
    : world.find(CLUSTER_ROLE, '', name);
}

function isKnownToRunPods({ resource }: ObjectView): boolean {
  return (
    stringAt(resource.object, 'roleRef', 'kind') === 'ClusterRole' &&
    ROLES_THAT_RUN_PODS.has(stringAt(resource.object, 'roleRef', 'name') ?? '')
  );
}

function allowsAny(rules: readonly Rule[], { verbs, groups, resources }: Power): boolean {
  return resources.some((target) => {
    const [resource = '', subresource = ''] = target.split('/');
    return groups.some((group) =>
      verbs.some((verb) =>
        rules.some((rule) => allowsResource(rule, { verb, group, resource, subresource })),
      ),
    );
  });
}

function runsPods(view: ObjectView): boolean {
  if (isKnownToRunPods(view)) return true;
  const role = boundRole(view);
  if (role === undefined) return false;
  const rules = view.world.get(roleRules).rulesOf(role);
  return POWERS.some((power) => allowsAny(rules, power));
}

function whyNotJudged(view: ObjectView): string | undefined {
  if (isKubernetesOwnBinding(view.resource)) return 'Kubernetes itself makes this binding.';
  return isKnownToRunPods(view) || boundRole(view) !== undefined
    ? undefined
    : 'The role that it binds is not among the objects.';
}

export const rbacAssignServiceAccount = defineControl({
  id: 'rbac-assign-service-account',
  aliases: [],
  title: 'Bindings must not let others use service accounts that can take the cluster',
  problem: 'let others use service accounts that can take the cluster',
  message: '{resource} lets {subjects} run pods in {namespace}, where {accounts} can take the cluster.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever may write pods or workloads in a namespace, or issue tokens there, acts as any of its service accounts. Where one of these can take the cluster, so can everybody with that right, although no binding gives them more than the namespace.',
  remediation:
    'Move the component with the strong service account into a namespace of its own in which nobody else runs pods, or take away its rights over the whole cluster. Else remove the binding.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
  ],
  attack: ['T1078', 'T1610'],
  appliesTo: kinds(ROLE_BINDING),
  looks: 'world',
  reads: [strongNamespaces, roleRules, ROLE, CLUSTER_ROLE],
  notApplicable: whyNotJudged,
  *evaluate(view) {
    const { resource, world, at } = view;
    const strong = world.get(strongNamespaces);
    const accounts = strong.accountsIn(resource.namespace);
    if (accounts.length === 0) return;
    const others = subjectsOf(resource).filter((subject) => !strong.isStrong(subject));
    if (others.length === 0 || !runsPods(view)) return;
    yield at('roleRef', {
      subjects: others.map(({ kind, name }) => `${kind}/${name}`),
      namespace: resource.namespace,
      accounts,
    });
  },
});
