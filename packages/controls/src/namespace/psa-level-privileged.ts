import { defineControl, kinds, labelsOf, mayBreak, objectAt, setValue } from '@bulwark/core';
import { whyOfTheCluster } from './cluster-namespaces.ts';

const LABEL = 'pod-security.kubernetes.io/enforce';

export const psaLevelPrivileged = defineControl({
  id: 'psa-level-privileged',
  aliases: [],
  title: 'Namespaces must not allow privileged pods',
  problem: 'allow privileged pods',
  message: '{resource} enforces the Pod Security Standard privileged, which forbids nothing.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Whoever may create a pod in the namespace may create one that takes over its node. The level is right for node agents and wrong for everything that shares their namespace.',
  remediation:
    'Set the label to baseline or restricted. Move the workloads that need more, such as agents of storage or network, to a namespace of their own that few people may change, and accept the finding for that one.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
  ],
  attack: ['T1610', 'T1611'],
  kubernetes: { from: 23 },
  fix: setValue(
    'baseline',
    mayBreak('Pods that need more than the standard allows are refused when they are created the next time.'),
  ),
  appliesTo: kinds('Namespace'),
  looks: 'object',
  reads: [],
  notApplicable: whyOfTheCluster,
  *evaluate({ resource, at }) {
    if (labelsOf(objectAt(resource.object, 'metadata'))[LABEL] === 'privileged')
      yield at(['metadata', 'labels', LABEL]);
  },
});
