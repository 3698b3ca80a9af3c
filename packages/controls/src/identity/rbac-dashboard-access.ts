import { defineControl } from '@bulwark/core';
import { atSubjects, bindings, boundRole, removeSubject, whyBuiltIn } from './bindings.ts';

/** The accounts of the Kubernetes Dashboard: of its old manifests, and of the parts of its chart. */
const ACCOUNT = /^kubernetes-dashboard(-api|-web)?$/;

export const rbacDashboardAccess = defineControl({
  id: 'rbac-dashboard-access',
  aliases: ['kubescape:C-0014'],
  title: 'The Kubernetes Dashboard must not have more than its own roles',
  problem: 'give the Kubernetes Dashboard more than its own roles',
  message: '{resource} gives {role} to {subject}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The dashboard acts with the credential of whoever logs in to it. Where its own service account has rights as well, whoever reaches its port can use them, in old versions by skipping the login. Open dashboards of this kind were used to run miners on the clusters of large companies.',
  remediation:
    'Remove the binding and leave the dashboard with the roles of its installation. People log in with a token of their own.',
  references: ['https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/'],
  attack: ['T1133', 'T1078'],
  refines: ['cluster-admin-rolebinding'],
  fix: removeSubject,
  appliesTo: bindings,
  looks: 'object',
  reads: [],
  notApplicable: whyBuiltIn,
  *evaluate(view) {
    if (boundRole(view.resource).name.includes('dashboard')) return;
    yield* atSubjects(view, ({ kind, name }) => kind === 'ServiceAccount' && ACCOUNT.test(name));
  },
});
