import { defineControl, kinds } from '@bulwark/core';
import { accessModesOf, CLAIMING_KINDS, claimsOf } from './volume-claims.ts';

export const pvcSharedWrite = defineControl({
  id: 'pvc-shared-write',
  aliases: ['kubesec:VolumeClaimAccessModeReadWriteOnce'],
  title: 'Volumes must not be written to by many nodes',
  problem: 'may be written to by pods of many nodes',
  message: 'A volume claim of {resource} has the access mode ReadWriteMany.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Whoever takes over one of the pods that share a volume can change what the others read and run. Programs that were not written for it also overwrite each other.',
  remediation:
    'Use ReadWriteOnce, or ReadWriteOncePod for a single pod, and ReadOnlyMany for those that only read. Where pods do write together, keep what they share out of the path of programs and configuration.',
  references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes'],
  attack: ['T1080'],
  appliesTo: kinds(...CLAIMING_KINDS),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => (claimsOf(resource).length === 0 ? 'It makes no claims.' : undefined),
  *evaluate({ resource, at }) {
    for (const { spec, path } of claimsOf(resource))
      if (accessModesOf(spec).includes('ReadWriteMany')) yield at([...path, 'accessModes']);
  },
});
