import { defineControl, workloads } from '@bulwark/core';
import { atClaims, CLAIM_READS, claimedVolumes, isProvisioned } from './claimed-volumes.ts';
import { whyNotOwnComponent } from './cluster-components.ts';

export const hostDeviceClaim = defineControl({
  id: 'host-device-claim',
  aliases: [],
  title: 'Pods must not have a disk of the host as a raw device',
  problem: 'have a disk of the host as a raw device',
  message:
    'Volume {volume} of {resource} is the raw device {hostPath} of the host: claim {claims} is bound to PersistentVolume {persistentVolumes}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Through a raw device a container reads and writes the blocks of a disk, past the file system on it and the owners of its files. If the node lives on that disk, its keys can be read and its programs changed without a privilege. The Pod Security Standards do not look behind a claim, and from the name of a device it is not seen what lies on it.',
  remediation:
    'Claim a volume of a storage class. Software that manages disks itself gets those that hold nothing else, best from a provisioner that only knows such disks; its PersistentVolumes are not found here.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#raw-block-volume-support',
    'https://kubernetes.io/docs/concepts/storage/volumes/#local',
  ],
  attack: ['T1611', 'T1006'],
  causedBy: ['hostpath-pv'],
  appliesTo: workloads,
  looks: 'world',
  reads: CLAIM_READS,
  notApplicable: whyNotOwnComponent,
  *evaluate(view) {
    for (const volumes of claimedVolumes(view)) {
      const devices = volumes.filter(({ isDevice, volume }) => isDevice && !isProvisioned(volume.object));
      if (devices.length > 0) yield atClaims(devices);
    }
  },
});
