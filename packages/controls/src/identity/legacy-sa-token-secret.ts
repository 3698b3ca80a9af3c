import { defineControl, get, kinds } from '@bulwark/core';

const TYPE = 'kubernetes.io/service-account-token';
/** The control plane marks tokens that nothing has used for a year, before it deletes them. */
const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';

export const legacySaTokenSecret = defineControl({
  id: 'legacy-sa-token-secret',
  aliases: [],
  title: 'Service account tokens must not be kept in Secrets',
  problem: 'keep a service account token that never expires',
  message: '{resource} holds a token of the service account {account} that never expires.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Kubernetes writes a token into a Secret of this type that is valid until the Secret or the account is deleted. It is bound to no pod, it works from anywhere, and whoever may read Secrets in the namespace, or finds it in a backup or a build log, keeps the rights of the account.',
  remediation:
    'Pods get short-lived tokens by themselves. Programs outside the cluster should ask for a token when they need one (kubectl create token, or the TokenRequest API), or log in through an identity provider. Then delete the Secret.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
    'https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token',
  ],
  attack: ['T1528', 'T1552.007'],
  // Before, the control plane made such a Secret for every service account.
  kubernetes: { from: 24 },
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, 'type') !== TYPE) return;
    if (get(resource.object, 'metadata', 'labels', INVALID_SINCE) !== undefined) return;
    const account = get(resource.object, 'metadata', 'annotations', 'kubernetes.io/service-account.name');
    yield at('type', { account: typeof account === 'string' ? account : '(none)' });
  },
});
