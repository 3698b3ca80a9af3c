import { arrayAt, containers, defineControl, get, mayBreak, setValue, stringAt } from '@bulwark/core';

export const mountPropagationBidirectional = defineControl({
  id: 'mount-propagation-bidirectional',
  aliases: [],
  title: 'Containers must not propagate their mounts to the host',
  problem: 'propagate their mounts to the host',
  message: 'Container {container} of {resource} propagates what it mounts below volume {volume} to the host.',
  severity: 'high',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "With mountPropagation: Bidirectional a file system that the container mounts appears on the node and in every container that shares the volume. An attacker can lay a file system over a directory of the host, and what is left mounted blocks the pod's own removal. Kubernetes allows it only in privileged containers.",
  remediation:
    'Remove mountPropagation, or set it to HostToContainer where the container has to see mounts that the host makes later. Only CSI drivers and similar parts of a node need Bidirectional.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation'],
  attack: ['T1611'],
  fix: setValue(
    'HostToContainer',
    mayBreak('What the container mounts below the volume is no longer seen outside of it.'),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, mount] of (arrayAt(container.spec, 'volumeMounts') ?? []).entries())
      if (get(mount, 'mountPropagation') === 'Bidirectional')
        yield at(['volumeMounts', index, 'mountPropagation'], {
          volume: stringAt(mount, 'name') ?? `#${index}`,
        });
  },
});
