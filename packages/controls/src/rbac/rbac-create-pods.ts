import { defineControl } from '@bulwark/core';
import { resourceViolations, roles, whyNotJudged } from './grants.ts';
import { RUN_PODS } from './workload-resources.ts';

export const rbacCreatePods = defineControl({
  id: 'rbac-create-pods',
  aliases: ['trivy:KSV-0048', 'kubescape:C-0188', 'kube-linter:access-to-create-pods'],
  title: 'Roles must not allow running pods of any kind',
  problem: 'allow running pods of any kind',
  message: '{resource} allows {verbs} on {target}.',
  severity: 'high',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Whoever writes a pod, or the template of a workload, chooses its image, its service account and what it mounts. That gives the rights of every service account and the content of every Secret of the namespace, and the node as well where no Pod Security Standard is enforced.',
  remediation:
    'Keep the right to the namespaces that need it, with Roles instead of cluster roles. Enforce the baseline or restricted Pod Security Standard there, and let no service account of the namespace hold more rights than those who may write workloads in it.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  attack: ['T1610'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate: (view) => resourceViolations(view, RUN_PODS),
});
