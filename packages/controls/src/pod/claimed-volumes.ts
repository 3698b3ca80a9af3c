import { type ClaimedHostVolume, claimedHostVolumes, nodeVolumes } from '@bulwark/analyses';
import { arrayAt, type GroupKind, get, stringAt, type Violation, type WorkloadView } from '@bulwark/core';

const STATEFUL_SET: GroupKind = 'apps/StatefulSet';

/** What has to be read to know what claims give a workload of its node. */
export const CLAIM_READS = [nodeVolumes, STATEFUL_SET] as const;

/** The volumes of a workload that are of its node through claims, those at one place together. */
export function claimedVolumes(view: WorkloadView): readonly (readonly ClaimedHostVolume[])[] {
  const { resource, workload, world } = view;
  const byPlace = new Map<string, ClaimedHostVolume[]>();
  for (const volume of claimedHostVolumes(resource, workload, world.get(nodeVolumes))) {
    if (isOfTemplate(view, volume)) continue;
    const place = JSON.stringify(volume.at);
    byPlace.set(place, [...(byPlace.get(place) ?? []), volume]);
  }
  return [...byPlace.values()];
}

/** Whether a pod has a claim that its StatefulSet made for it: that one is judged for its template. */
function isOfTemplate({ resource, world }: WorkloadView, { name, claimName }: ClaimedHostVolume): boolean {
  if (resource.kind !== 'Pod' || claimName !== `${name}-${resource.name}`) return false;
  return (arrayAt(resource.object, 'metadata', 'ownerReferences') ?? []).some(
    (owner) =>
      get(owner, 'kind') === 'StatefulSet' &&
      world.find(STATEFUL_SET, resource.namespace, stringAt(owner, 'name') ?? '') !== undefined,
  );
}

/** A violation at the place of some volumes, which rests on the volumes and on the claims for them. */
export function atClaims(volumes: readonly ClaimedHostVolume[], facts: Violation['facts'] = {}): Violation {
  const [first] = volumes;
  const texts = (of: (volume: ClaimedHostVolume) => string): string[] => [...new Set(volumes.map(of))];
  const keys = texts(({ volume }) => volume.key);
  return {
    path: first?.at ?? [],
    facts: {
      volume: first?.name ?? '',
      claims: texts(({ claimName }) => claimName),
      persistentVolumes: texts(({ volume }) => volume.name),
      hostPath: texts(({ path }) => path),
      ...facts,
    },
    causes: keys,
    restsOn: [...keys, ...volumes.flatMap(({ claim }) => claim?.key ?? [])],
  };
}

/** Whether a provisioner made a PersistentVolume, of a disk that it was given for that. */
export function isProvisioned(volume: unknown): boolean {
  return stringAt(volume, 'metadata', 'annotations', 'pv.kubernetes.io/provisioned-by') !== undefined;
}
