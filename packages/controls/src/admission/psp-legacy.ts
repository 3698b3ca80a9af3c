import { defineControl, kinds } from '@bulwark/core';

const REMOVED_IN = 25;

export const pspLegacy = defineControl({
  id: 'psp-legacy',
  aliases: ['kubescape:C-0068'],
  title: 'Pod security must not rest on PodSecurityPolicy',
  problem: 'are policies that no version of the cluster enforces any more',
  message: '{resource} is not enforced: Kubernetes {version} has no PodSecurityPolicy.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'PodSecurityPolicy was removed in Kubernetes 1.25. Manifests that still have it fail to apply or are skipped, and what it used to forbid is allowed unless something else forbids it now.',
  remediation:
    'Label the namespaces with the Pod Security Standard that comes closest, write a ValidatingAdmissionPolicy for what is left, and remove the object with its roles.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-policy/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/',
  ],
  attack: [],
  refines: ['api-deprecated'],
  appliesTo: kinds('policy/PodSecurityPolicy', 'extensions/PodSecurityPolicy'),
  looks: 'object',
  reads: [],
  *evaluate({ kubernetes, at }) {
    if (kubernetes.minor >= REMOVED_IN) yield at('apiVersion', { version: kubernetes.text });
  },
});
