import { claimedDanger } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';
import { atClaims, CLAIM_READS, claimedVolumes } from './claimed-volumes.ts';
import { whyNotOwnComponent } from './cluster-components.ts';

export const sensitiveHostClaim = defineControl({
  id: 'sensitive-host-claim',
  aliases: [],
  title: 'Pods must not claim volumes that hold the keys or the programs of the host',
  problem: 'claim a volume that hands over the node',
  message:
    'Volume {volume} of {resource} is {hostPath} of the host, {danger}: claim {claims} is bound to PersistentVolume {persistentVolumes}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "A PersistentVolume of the type hostPath or local is a path of a node, and whoever mounts its claim has what lies there, as with a hostPath volume of the pod's own. Some paths are worth the node: those with its keys, its programs and the socket of its container runtime. The Pod Security Standards do not look behind a claim, so even the restricted level lets it through.",
  remediation:
    'Bind the claim to a volume of a storage class, or make a PersistentVolume of a directory that holds nothing else. Delete the PersistentVolume, and let few people make any: they belong to no namespace, and only administrators of the cluster need to.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611', 'T1552.001'],
  causedBy: ['hostpath-pv'],
  appliesTo: workloads,
  looks: 'world',
  reads: CLAIM_READS,
  notApplicable: (view) =>
    view.isWindows ? 'The directories of Windows nodes are other ones.' : whyNotOwnComponent(view),
  *evaluate(view) {
    for (const volumes of claimedVolumes(view)) {
      const found = volumes.flatMap((volume) => {
        const danger = volume.isDevice ? undefined : claimedDanger(view.workload, volume);
        return danger === undefined ? [] : [{ volume, danger }];
      });
      if (found.length === 0) continue;
      const dangers = [...new Set(found.map(({ danger }) => danger))];
      yield atClaims(
        found.map(({ volume }) => volume),
        { danger: dangers },
      );
    }
  },
});
