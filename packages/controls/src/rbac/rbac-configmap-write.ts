import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';

export const rbacConfigmapWrite = defineControl({
  id: 'rbac-configmap-write',
  aliases: ['trivy:KSV-0049'],
  title: 'Cluster roles must not allow changing any ConfigMap',
  problem: 'allow changing any ConfigMap',
  message: '{resource} allows {verbs} on {target}, whatever their names.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'In every namespace includes kube-system. There the ConfigMaps decide how names are resolved, and with some providers which cloud users are administrators of the cluster.',
  remediation:
    'Use Roles in the namespaces that the holder works in, or name the ConfigMaps in resourceNames. For leader election use Leases.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/concepts/architecture/leases/#leader-election',
  ],
  attack: ['T1098.006', 'T1557'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [{ verbs: ['update', 'patch'], groups: [''], resources: ['configmaps'] }]),
});
