import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';

export const rbacManageRbac = defineControl({
  id: 'rbac-manage-rbac',
  aliases: ['trivy:KSV-0050', 'trivy:KSV-0055', 'checkov:CKV2_K8S_1'],
  title: 'Roles must not allow writing roles and bindings',
  problem: 'allow writing roles or bindings',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "Whoever writes roles and bindings hands rights to other subjects, where they outlive the author's account, and changes what others may do. Nobody can give more than they hold this way, but a holder that collects rights from many roles gives them all away with this one.",
  remediation:
    'Let a deployment pipeline or an administrator write roles and bindings. An operator that does it needs it in its own namespaces only: use Roles there.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
  ],
  attack: ['T1098.006'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) =>
    resourceViolations(view, [
      {
        verbs: ['create', 'update', 'patch'],
        groups: ['rbac.authorization.k8s.io'],
        resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
      },
    ]),
});
