import { defineControl } from '@bulwark/core';
import { atSubjects, bindings, removeSubject, whyBuiltIn } from './bindings.ts';
import { MASTERS } from './subject-classes.ts';

export const rbacMastersBinding = defineControl({
  id: 'rbac-masters-binding',
  aliases: ['trivy:KSV-0123', 'kubescape:C-0246', 'kyverno:restrict-binding-system-groups'],
  title: 'Bindings must not name the group system:masters',
  problem: 'name the group system:masters',
  message: '{resource} gives {role} to system:masters.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server lets members of system:masters do everything without asking RBAC, so the binding adds nothing and removing it takes nothing away. That somebody wrote it says that people or programs work in this group. A certificate that names it cannot be revoked until the authority of the cluster is replaced.',
  remediation:
    'Bind the role to a group of your own, issue credentials for that one, and keep system:masters for emergencies. Then remove the subject here.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/concepts/security/hardening-guide/authentication-mechanisms/',
  ],
  attack: ['T1078', 'T1098'],
  fix: removeSubject,
  appliesTo: bindings,
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    yield* atSubjects(view, ({ kind, name }) => kind === 'Group' && name === MASTERS);
  },
});
