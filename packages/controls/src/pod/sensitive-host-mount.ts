import { hostPathDanger, hostVolumes } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';
import { whyNotOwnComponent } from './cluster-components.ts';

export const sensitiveHostMount = defineControl({
  id: 'sensitive-host-mount',
  aliases: ['trivy:KSV-0121', 'kubescape:C-0048', 'kube-linter:sensitive-host-mounts'],
  title: 'Pods must not mount the directories of the host that hold its keys or its programs',
  problem: 'mount a directory of the host that hands over the node',
  message: 'Volume {volume} of {resource} is {hostPath} of the host, {danger}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "Some directories of a node are worth the node. Those of the kubelet, of the control plane and of the container runtime hold keys and the tokens of every pod there, so reading them is enough. Those with the node's programs, services and kernel settings are run or obeyed by root, so one written file is enough.",
  remediation:
    'Mount the one file or subdirectory that the program needs instead of what surrounds it, and mount it with readOnly: true. Node agents that really need these directories belong in a namespace of their own to which few people have access.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611', 'T1552.001'],
  refines: ['cloud-credential-mount', 'hostpath-volume', 'restricted-volume-types'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: (view) =>
    view.isWindows ? 'The directories of Windows nodes are other ones.' : whyNotOwnComponent(view),
  *evaluate(view) {
    for (const volume of hostVolumes(view.spec)) {
      const danger = hostPathDanger(view, volume);
      if (danger === undefined) continue;
      yield view.at(['volumes', volume.index, 'hostPath'], {
        volume: volume.name,
        hostPath: volume.path,
        danger,
      });
    }
  },
});
