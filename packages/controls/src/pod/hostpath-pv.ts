import { defineControl, get, kinds, stringAt } from '@bulwark/core';
import { isProvisioned } from './claimed-volumes.ts';

export const hostpathPv = defineControl({
  id: 'hostpath-pv',
  aliases: [],
  title: 'PersistentVolumes must not be of the type hostPath',
  problem: 'are a path of the host',
  message: '{resource} is {hostPath} of whichever host its pod runs on.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A pod that claims such a volume mounts a directory of its node, and the Pod Security Standards do not see it: to them it is a PersistentVolumeClaim. An attacker in that pod reads and writes there as its user, root included. Besides, the data stays behind when the pod moves to another node.',
  remediation:
    'Use a volume of the type local with a nodeAffinity where the data must stay on a node, else a CSI driver. Claim it with a storage class, so that no path of a host is chosen by hand.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes',
    'https://kubernetes.io/docs/concepts/storage/volumes/#local',
  ],
  attack: ['T1611'],
  appliesTo: kinds('PersistentVolume'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    isProvisioned(resource.object) ? 'A provisioner made it and chose its path.' : undefined,
  *evaluate({ resource, at }) {
    const hostPath = get(resource.object, 'spec', 'hostPath');
    if (hostPath === undefined || hostPath === null) return;
    yield at('spec.hostPath', { hostPath: stringAt(hostPath, 'path') ?? 'a path' });
  },
});
