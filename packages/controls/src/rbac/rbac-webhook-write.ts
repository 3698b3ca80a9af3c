import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';

export const rbacWebhookWrite = defineControl({
  id: 'rbac-webhook-write',
  aliases: [
    'trivy:KSV-0114',
    'kubescape:C-0281',
    'checkov:CKV_K8S_155',
    'kyverno:restrict-clusterrole-mutating-validating-admission-webhooks',
  ],
  title: 'Cluster roles must not allow writing all admission webhooks and policies',
  problem: 'allow writing all admission webhooks or policies',
  message: '{resource} allows {verbs} on {target}, whatever their names.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever writes an admission webhook is sent every object that is created or changed, Secrets among them, and can change it before it is stored. Whoever removes or weakens one, or an admission policy, removes the rules that all others have to keep.',
  remediation:
    'Name the configurations in resourceNames, with update and patch; a controller mostly keeps one or two of its own. The right to create cannot be limited by name: create them with the deployment instead.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks',
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
  ],
  attack: ['T1546', 'T1562'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      {
        verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
        groups: ['admissionregistration.k8s.io'],
        resources: [
          'mutatingwebhookconfigurations',
          'validatingwebhookconfigurations',
          'mutatingadmissionpolicies',
          'mutatingadmissionpolicybindings',
          'validatingadmissionpolicies',
          'validatingadmissionpolicybindings',
        ],
      },
    ]),
});
