import { serviceAccountOf, serviceAccountPower } from '@bulwark/analyses';
import { type Analysis, defineControl, oncePerObject, type Resource, workloads } from '@bulwark/core';
import { holdsToken, whyNoAccount } from './pod-accounts.ts';

/** The names of bindings, each once. Cost: a list of bindings, once for each list. */
const bindingNames: Analysis<{ of(bindings: readonly Resource[]): readonly string[] }> = {
  id: 'binding-names',
  reads: ['ServiceAccount', serviceAccountPower],
  compute: () => ({
    of: oncePerObject((bindings: readonly Resource[]) => [
      ...new Set(bindings.map(({ kind, name }) => `${kind}/${name}`)),
    ]),
  }),
};

export const workloadAdminRole = defineControl({
  id: 'workload-admin-role',
  aliases: ['kubescape:C-0272', 'kubescape:C-0053'],
  title: 'Workloads must not administer namespaces',
  problem: 'administer a namespace with their service account',
  message: '{resource} runs as {account}, which administers a namespace by {bindings}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An administrator of a namespace reads its secrets, runs commands in its containers, starts pods as any of its service accounts, and gives these rights to others. From one pod with such an account an attacker has all of them.',
  remediation:
    'Bind a Role that lists the kinds and verbs that the workload uses. The roles admin and cluster-admin are for people.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  attack: ['T1078', 'T1552.007'],
  appliesTo: workloads,
  looks: 'world',
  reads: ['ServiceAccount', serviceAccountPower, bindingNames],
  notApplicable: whyNoAccount,
  *evaluate(view) {
    if (!holdsToken(view)) return;
    const { resource, spec, world, at } = view;
    const account = serviceAccountOf(spec);
    const subject = { kind: 'ServiceAccount', namespace: resource.namespace, name: account } as const;
    const power = world.get(serviceAccountPower);
    const found = power.administers(subject);
    // A takeover of the cluster is a finding of its own, and this one would add nothing.
    if (found.length === 0 || power.takeovers(subject).length > 0) return;
    yield at('serviceAccountName', { account, bindings: world.get(bindingNames).of(found) });
  },
});
