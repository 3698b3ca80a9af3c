import { CLUSTER_ROLE } from '@bulwark/analyses';
import { defineControl, type ObjectView, type Violation } from '@bulwark/core';
import { factsOf, type Power, resourceGrants, roles, whyNotJudged, writtenRules } from './grants.ts';

const NAMES: readonly string[] = ['coredns', 'coredns-custom', 'kube-dns', 'node-local-dns'];

const POWER: Power = {
  verbs: ['update', 'patch'],
  groups: [''],
  resources: ['configmaps'],
  evenFor: (names) => names.some((name) => NAMES.includes(name)),
};

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  const isClusterRole = resource.groupKind === CLUSTER_ROLE;
  if (!isClusterRole && resource.namespace !== 'kube-system') return;
  for (const written of writtenRules(resource.object)) {
    // Over all ConfigMaps of the cluster rbac-configmap-write judges.
    if (isClusterRole && written.rule.resourceNames.length === 0) continue;
    for (const grant of resourceGrants(written, [POWER])) yield at(grant.path, factsOf(grant));
  }
}

export const rbacCorednsConfigmap = defineControl({
  id: 'rbac-coredns-configmap',
  aliases: ['kubescape:C-0037'],
  title: "Roles must not allow changing the cluster's name resolution",
  problem: "allow changing the cluster's name resolution",
  message: '{resource} allows {verbs} on ConfigMaps of kube-system that decide how names are resolved.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'CoreDNS does what its ConfigMap in kube-system says. Whoever may change it answers for any name, and so receives the traffic of services and of the internet, credentials in it included.',
  remediation:
    'Name the ConfigMaps that the holder needs in resourceNames, and leave out those of DNS. Components that keep a state of their own use Leases, or ConfigMaps in a namespace of their own.',
  references: [
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
  attack: ['T1557'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
