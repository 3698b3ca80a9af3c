import { defineControl, get, kinds } from '@bulwark/core';
import { isPlaceholder } from '../resources/placeholders.ts';
import { accessModesOf, CLAIMING_KINDS, type Claim, claimsOf, whyNoClaims } from './volume-claims.ts';

const MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

interface Fault {
  readonly below: readonly string[];
  readonly state: string;
}

function* faultsOf({ spec }: Claim): Generator<Fault> {
  const modes = accessModesOf(spec);
  if (modes.length === 0) {
    if (!isPlaceholder(get(spec, 'accessModes')))
      yield { below: ['accessModes'], state: 'has no access mode' };
  } else if (modes.some((mode) => !isPlaceholder(mode) && !MODES.some((known) => known === mode)))
    yield { below: ['accessModes'], state: 'has an access mode that does not exist' };
  else if (modes.includes('ReadWriteOncePod') && modes.length > 1)
    yield { below: ['accessModes'], state: 'has ReadWriteOncePod together with another access mode' };
  const size = get(spec, 'resources', 'requests', 'storage') ?? undefined;
  if (size === undefined) yield { below: ['resources', 'requests', 'storage'], state: 'asks for no storage' };
}

export const pvcInvalid = defineControl({
  id: 'pvc-invalid',
  aliases: ['kubesec:VolumeClaimRequestsStorage'],
  title: 'Volume claims must have an access mode and a size',
  problem: 'have a volume claim without an access mode or a size',
  message: 'A volume claim of {resource} {state}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server refuses a claim without an access mode or a size. From the template of a StatefulSet it is refused only when a pod is made, so the StatefulSet is there and no pod ever is.',
  remediation:
    'Set accessModes, mostly to ReadWriteOnce, and resources.requests.storage. ReadWriteOncePod stands alone.',
  references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims'],
  attack: [],
  appliesTo: kinds(...CLAIMING_KINDS),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => whyNoClaims(resource),
  *evaluate({ resource, at }) {
    for (const claim of claimsOf(resource))
      for (const { below, state } of faultsOf(claim)) yield at([...claim.path, ...below], { state });
  },
});
