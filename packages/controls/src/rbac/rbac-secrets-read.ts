import { defineControl } from '@bulwark/core';
import { clusterRoles, resourceViolations, whyNotJudged } from './grants.ts';
import { SECRETS_READ } from './secret-powers.ts';

export const rbacSecretsRead = defineControl({
  id: 'rbac-secrets-read',
  aliases: [
    'trivy:KSV-0041',
    'kubescape:C-0015',
    'kubescape:C-0186',
    'checkov:CKV2_K8S_5',
    'kube-linter:access-to-secrets',
    'kyverno:restrict-secret-role-verbs',
  ],
  title: 'Cluster roles must not allow reading all Secrets',
  problem: 'allow reading all Secrets',
  message: '{resource} allows {verbs} on {target}, whatever their names.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Secrets hold tokens of service accounts, keys of certificates, and credentials of databases and registries. Whoever reads those of a cluster mostly finds one that gives everything else. The verbs list and watch return the content as get does.',
  remediation:
    'Name the Secrets in resourceNames, or use Roles in the namespaces where they are. A controller that has to read any Secret, such as one for ingress or certificates, deserves a namespace of its own; accept the finding for it with the reason.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
  ],
  attack: ['T1552.007'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => resourceViolations(view, SECRETS_READ),
});
