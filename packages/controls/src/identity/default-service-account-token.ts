import { defineControl, kinds, mayBreak, setValue } from '@bulwark/core';

/** The controllers of Kubernetes make it in every namespace. */
const DEFAULT = 'default';

export const defaultServiceAccountToken = defineControl({
  id: 'default-service-account-token',
  aliases: ['kubescape:C-0189'],
  title: 'Default service accounts must not give their token to pods',
  problem: 'give every pod that names no account of its own a token for the API server',
  message: '{resource} gives its token to every pod of the namespace that names no account of its own.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A pod that says nothing about its account runs as the default one and gets its token. Whatever somebody grants to that account, or to all accounts, is then in the hands of every such pod.',
  remediation:
    'Set automountServiceAccountToken to false on the service account. Pods that call the API server get an account of their own, with a role for what they do.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
  ],
  attack: ['T1528'],
  fix: setValue(
    false,
    mayBreak(
      'Pods of the namespace that run as the default account and call the API server can no longer do so.',
    ),
  ),
  appliesTo: kinds('ServiceAccount'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    resource.name === DEFAULT ? undefined : 'It is not the default service account of its namespace.',
  *evaluate({ resource, at }) {
    if (resource.object['automountServiceAccountToken'] !== false) yield at('automountServiceAccountToken');
  },
});
