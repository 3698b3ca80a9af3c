import { arrayAt, defineControl, get, stringAt, workloads } from '@bulwark/core';

export const hostpathVolume = defineControl({
  id: 'hostpath-volume',
  aliases: [
    'trivy:KSV-0023',
    'kubescape:C-0048',
    'kubescape:C-0203',
    'polaris:hostPathSet',
    'kyverno:disallow-host-path',
  ],
  title: 'Pods must not use hostPath volumes',
  problem: 'mount a path of the host',
  message: 'Volume {volume} of {resource} is the path {hostPath} of the host.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "A hostPath volume puts a piece of the node's file system into the pod. Depending on the path an attacker reads other workloads' secrets and the kubelet's credentials, or writes what the node will run as root. Even a harmless path can be left through a symbolic link or outlive the pod.",
  remediation:
    'Replace the volume: emptyDir for scratch space, configMap, secret or projected for configuration, a PersistentVolumeClaim (of type local where the data must stay on the node) for data.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  ],
  attack: ['T1611'],
  refines: ['restricted-volume-types'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      const hostPath = get(volume, 'hostPath');
      if (hostPath === undefined || hostPath === null) continue;
      const facts = {
        volume: stringAt(volume, 'name') ?? `#${index}`,
        hostPath: stringAt(hostPath, 'path') ?? '',
      };
      yield at(['volumes', index, 'hostPath'], facts);
    }
  },
});
