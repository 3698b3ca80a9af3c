import { defineControl } from '@bulwark/core';
import { atSubjects, bindings, removeSubject, whyBuiltIn } from './bindings.ts';
import { isDefaultAccount } from './subject-classes.ts';

export const rbacDefaultSaBinding = defineControl({
  id: 'rbac-default-sa-binding',
  aliases: ['checkov:CKV_K8S_42', 'kubescape:C-0189'],
  title: 'Roles must not be given to the default service account',
  problem: 'give a role to the default service account of a namespace',
  message: '{resource} gives {role} to {subject}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Every pod that names no service account runs as default and gets its token. A role bound to it is held by all of them, by those that need nothing and by those that somebody adds tomorrow without knowing.',
  remediation:
    'Create a service account for the workload that needs the role, name it in serviceAccountName, bind the role to it, and remove the subject here.',
  references: [
    'https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  ],
  attack: ['T1078.001', 'T1528'],
  fix: removeSubject,
  appliesTo: bindings,
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    yield* atSubjects(view, isDefaultAccount);
  },
});
