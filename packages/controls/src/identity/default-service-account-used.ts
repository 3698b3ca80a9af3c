import { defineControl, workloads } from '@bulwark/core';
import { mountsToken, runsAsDefault, whyNoAccount, whyTest } from './pod-accounts.ts';

export const defaultServiceAccountUsed = defineControl({
  id: 'default-service-account-used',
  aliases: [
    'checkov:CKV_K8S_41',
    'kubescape:C-0189',
    'kube-linter:default-service-account',
    'kubesec:ServiceAccountName',
  ],
  title: 'Pods that get a token must have a service account of their own',
  problem: 'get a token of the default service account',
  message: '{resource} runs as the service account default and gets its token.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Pods that share an account share its rights: what somebody grants to one is granted to all, and the audit log cannot tell them apart.',
  remediation:
    'Create a service account for the workload and name it in serviceAccountName. Where the workload does not call the API server, set automountServiceAccountToken to false; then the account does not matter.',
  references: ['https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts'],
  attack: ['T1528'],
  appliesTo: workloads,
  looks: 'namespace',
  reads: ['ServiceAccount'],
  notApplicable: (view) => whyNoAccount(view) ?? whyTest(view),
  *evaluate(view) {
    if (runsAsDefault(view) && mountsToken(view)) yield view.at('serviceAccountName');
  },
});
