import { serviceAccountOf, serviceAccountPower } from '@bulwark/analyses';
import { defineControl, type Resource, workloads } from '@bulwark/core';
import { accountObject, holdsToken, whyNoAccount } from './pod-accounts.ts';

function keysOf(resources: readonly Resource[]): readonly string[] {
  return [...new Set(resources.map(({ key }) => key))];
}

export const workloadClusterTakeover = defineControl({
  id: 'workload-cluster-takeover',
  aliases: ['kubescape:C-0267'],
  title: 'Workloads must not be able to take over the cluster',
  problem: 'can take over the cluster with their service account',
  message: '{resource} runs as {account}, which by {bindings} may {means}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever gets into one of these pods, by a flaw in the program or in one of its libraries, finds the token of the service account there. Its rules lead to every right in the cluster with one request or two. To run pods everywhere is enough: a pod in kube-system may run as an account of the control plane.',
  remediation:
    'Take the rule out of the role, or limit it: to names with resourceNames, to namespaces with RoleBindings. Where the workload cannot do without, as a tool that deploys everything, treat it as part of the control plane: a namespace and nodes of its own, a network policy, few people who may create pods beside it. Then accept the finding.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  attack: ['T1078', 'T1098.006', 'T1134'],
  causedBy: [
    'cluster-admin-binding',
    'rbac-bind',
    'rbac-create-pods',
    'rbac-default-sa-binding',
    'rbac-escalate',
    'rbac-impersonate',
    'rbac-manage-rbac',
    'rbac-modify-pods',
    'rbac-node-proxy',
    'rbac-sa-token-create',
    'rbac-wildcard-all',
    'rbac-wildcard-resources',
    'rbac-wildcard-verbs',
  ],
  appliesTo: workloads,
  looks: 'world',
  reads: ['ServiceAccount', serviceAccountPower],
  notApplicable: whyNoAccount,
  *evaluate(view) {
    if (!holdsToken(view)) return;
    const { resource, spec, world, at } = view;
    const account = serviceAccountOf(spec);
    const ways = world
      .get(serviceAccountPower)
      .takeovers({ kind: 'ServiceAccount', namespace: resource.namespace, name: account });
    if (ways.length === 0) return;
    const found = at('serviceAccountName', {
      account,
      bindings: [...new Set(ways.map(({ binding }) => `${binding.kind}/${binding.name}`))],
      means: ways.map(({ means }) => means),
    });
    const object = accountObject(view);
    yield {
      ...found,
      causes: keysOf(ways.flatMap(({ causes }) => causes)),
      restsOn: keysOf([...ways.flatMap(({ restsOn }) => restsOn), ...(object ? [object] : [])]),
    };
  },
});
