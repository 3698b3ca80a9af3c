import { containers, defineControl } from '@bulwark/core';

export const ephemeralContainerInManifest = defineControl({
  id: 'ephemeral-container-in-manifest',
  aliases: ['kyverno:block-ephemeral-containers'],
  title: 'Pods must not keep ephemeral containers',
  problem: 'keep an ephemeral container',
  message: '{resource} has the ephemeral container {container}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Somebody entered this pod with a container of another image. What was done there is not in any manifest, and the container stays until the pod is deleted. Written into a manifest, ephemeral containers are refused when a pod is created, so they are a mistake or a copy of a pod that was debugged.',
  remediation:
    'Delete the pod, so that its controller makes a clean one, and remove ephemeralContainers from manifests. Let only a few people write pods/ephemeralcontainers.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/'],
  attack: ['T1609'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    if (container.type === 'ephemeral') yield at([]);
  },
});
