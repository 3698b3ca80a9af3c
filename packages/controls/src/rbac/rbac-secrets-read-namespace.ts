import { defineControl } from '@bulwark/core';
import { namespacedRoles, resourceViolations, whyNotJudged } from './grants.ts';
import { SECRETS_READ } from './secret-powers.ts';

export const rbacSecretsReadNamespace = defineControl({
  id: 'rbac-secrets-read-namespace',
  aliases: [
    'trivy:KSV-0113',
    'trivy:KSV-0041',
    'kubescape:C-0015',
    'kubescape:C-0186',
    'checkov:CKV2_K8S_5',
    'kube-linter:access-to-secrets',
    'kyverno:restrict-secret-role-verbs',
  ],
  title: 'Roles must not allow reading all Secrets of their namespace',
  problem: 'allow reading all Secrets of their namespace',
  message: '{resource} allows {verbs} on {target} in namespace {namespace}, whatever their names.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The role covers every Secret that the namespace has or will have, those of other applications and tokens of other service accounts among them. The verbs list and watch return the content as get does.',
  remediation:
    'Name the Secrets that are needed in resourceNames, with the verb get. A pod that mounts a Secret needs no right to read it.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
  ],
  attack: ['T1552.007'],
  appliesTo: namespacedRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  *evaluate(view) {
    for (const violation of resourceViolations(view, SECRETS_READ))
      yield { ...violation, facts: { ...violation.facts, namespace: view.resource.namespace } };
  },
});
