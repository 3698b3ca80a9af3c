import { limitRangeDefaults } from '@bulwark/analyses';
import { containers, defineControl } from '@bulwark/core';
import { isLimited, limitPath, whyNoResources } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

export const ephemeralStorageLimitMissing = defineControl({
  id: 'ephemeral-storage-limit-missing',
  aliases: [],
  title: 'Containers must have a limit for ephemeral storage',
  problem: 'have no limit for ephemeral storage',
  message: 'In {resource}, the container {container} has no limit for ephemeral storage.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "A container's log, its writable layer and its emptyDir volumes lie on the disk of the node. Without a limit one container can fill that disk, by mistake or because someone makes it, and the kubelet then evicts other pods and accepts no new ones.",
  remediation:
    "Set limits.ephemeral-storage in the resources of the container, with room for its log. The limit is also the request where none is written. A LimitRange can give a namespace a default; limits of the pod's own resources cannot hold it.",
  references: ['https://kubernetes.io/docs/concepts/storage/ephemeral-storage/'],
  attack: ['T1499'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: (view) => whyNoResources(view) ?? whyNotOperated(view),
  *evaluate(view) {
    if (!isLimited(view, 'ephemeral-storage')) yield view.at(limitPath(view, 'ephemeral-storage'));
  },
});
