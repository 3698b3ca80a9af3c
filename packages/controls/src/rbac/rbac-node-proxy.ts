import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';
import { dropResource } from './less-rights.ts';

export const rbacNodeProxy = defineControl({
  id: 'rbac-node-proxy',
  aliases: [
    'trivy:KSV-0047',
    'kubescape:C-0279',
    'checkov:CKV2_K8S_2',
    'kyverno:restrict-clusterrole-nodesproxy',
  ],
  title: "Cluster roles must not allow requests to the kubelets' API",
  problem: "allow requests to the kubelets' API",
  message: '{resource} allows {verbs} on {target}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'nodes/proxy is the whole API of the kubelet. It runs commands in every container of a node, without admission and without an entry in the audit log of the API server. The verb get is enough: a WebSocket starts with a get.',
  remediation:
    'Remove nodes/proxy. For metrics use nodes/metrics and nodes/stats; from Kubernetes 1.33 on there are also nodes/configz, nodes/healthz and nodes/pods for the rest.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
    'https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/',
  ],
  attack: ['T1609', 'T1613'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  fix: dropResource('What reads metrics through the proxy needs nodes/metrics or nodes/stats instead.'),
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      // One node is as good as all: its pods and their service accounts.
      { verbs: ['get', 'create'], groups: [''], resources: ['nodes/proxy'], evenFor: () => true },
    ]),
});
