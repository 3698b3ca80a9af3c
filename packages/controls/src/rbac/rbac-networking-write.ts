import { defineControl } from '@bulwark/core';
import { type Power, resourceViolations, roles, whyNotJudged } from './grants.ts';

const VERBS = ['create', 'update', 'patch'];
const TRAFFIC: readonly Power[] = [
  { verbs: VERBS, groups: [''], resources: ['services', 'endpoints'] },
  { verbs: VERBS, groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: VERBS, groups: ['networking.k8s.io', 'extensions'], resources: ['ingresses'] },
  {
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    groups: ['networking.k8s.io', 'extensions', 'crd.projectcalico.org', 'projectcalico.org'],
    resources: ['networkpolicies', 'globalnetworkpolicies'],
  },
  {
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
    groups: ['policy.networking.k8s.io', 'cilium.io'],
    resources: [
      'adminnetworkpolicies',
      'baselineadminnetworkpolicies',
      'clusternetworkpolicies',
      'ciliumnetworkpolicies',
      'ciliumclusterwidenetworkpolicies',
    ],
  },
];

export const rbacNetworkingWrite = defineControl({
  id: 'rbac-networking-write',
  aliases: ['trivy:KSV-0056', 'kyverno:restrict-edit-for-endpoints'],
  title: 'Roles must not allow changing where traffic goes',
  problem: 'allow changing where traffic goes',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Endpoints and EndpointSlices may point at any address, those of other namespaces included, past NetworkPolicies. Ingresses and Services expose pods or take over the traffic of others, and whoever writes NetworkPolicies opens what they close.',
  remediation:
    'Leave endpoints to the control plane, and network policies to those who answer for the segmentation. Use Roles instead of cluster roles for the rest.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#write-access-for-endpoints',
  ],
  attack: ['T1557', 'T1562'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => resourceViolations(view, TRAFFIC),
});
