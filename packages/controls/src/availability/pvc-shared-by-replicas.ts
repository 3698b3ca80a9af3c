import { autoscalers } from '@bulwark/analyses';
import { arrayAt, defineControl, get, stringAt, workloads } from '@bulwark/core';
import { whyNotSeveral } from './replica-count.ts';
import { accessModesOf, VOLUME_CLAIM } from './volume-claims.ts';

const SHARED = ['ReadWriteMany', 'ReadOnlyMany'];

export const pvcSharedByReplicas = defineControl({
  id: 'pvc-shared-by-replicas',
  aliases: [],
  title: 'Replicas must not share a volume that only one node may mount',
  problem: 'share a volume that only one node may mount',
  message: 'In {resource}, all replicas mount the claim {claim}, whose volume only one {holder} may have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A replica on another node than the first waits for ever for the volume, so there are fewer replicas than it seems, and an update that starts a new pod before it stops an old one may never end.',
  remediation:
    'Use a StatefulSet with volumeClaimTemplates, which gives every replica a volume, or a claim with ReadWriteMany, or a single replica with the strategy Recreate.',
  references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: [autoscalers, VOLUME_CLAIM],
  notApplicable: whyNotSeveral,
  *evaluate({ resource, spec, world, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      const name = stringAt(volume, 'persistentVolumeClaim', 'claimName');
      const claim = name === undefined ? undefined : world.find(VOLUME_CLAIM, resource.namespace, name);
      const modes = accessModesOf(get(claim?.object, 'spec'));
      if (name === undefined || modes.length === 0) continue;
      if (modes.some((mode) => SHARED.some((shared) => shared === mode))) continue;
      const holder = modes.includes('ReadWriteOncePod') ? 'pod' : 'node';
      yield at(['volumes', index, 'persistentVolumeClaim', 'claimName'], { claim: name, holder });
    }
  },
});
