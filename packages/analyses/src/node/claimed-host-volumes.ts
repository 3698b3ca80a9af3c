import { arrayAt, get, type Path, type Resource, stringAt, type Workload } from '@bulwark/core';
import { type HostVolume, holdsRuntimeSocket, hostPathDanger } from './host-paths.ts';
import type { NodeVolume, NodeVolumes } from './node-volumes.ts';

/** A volume of a pod that is of its node through a claim. */
export interface ClaimedHostVolume extends NodeVolume, Pick<HostVolume, 'name'> {
  /** The name of its claim. */
  readonly claimName: string;
  /** Whether the pod asks for it read-only, whatever its containers ask for. */
  readonly isReadOnly: boolean;
  /** Where the pod asks for it, from the object's root. */
  readonly at: Path;
}

const NONE: readonly ClaimedHostVolume[] = [];

/**
 * The volumes of a pod template that are of the node through claims: those that it names, that its pod has for itself
 * (`ephemeral`), and that a StatefulSet makes, of which one template can have several.
 *
 * @param resource the object that the template is of: its name is in the names of the claims that are made for it.
 * @param pods the names of its pods, where they are known: theirs are in the names of the claims that they have for themselves.
 */
export function claimedHostVolumes(
  resource: Resource,
  { spec, specPath }: Workload,
  claims: NodeVolumes,
  pods: readonly string[] = resource.kind === 'Pod' ? [resource.name] : [],
): readonly ClaimedHostVolume[] {
  const bound = claims.in(resource.namespace);
  if (bound.size === 0) return NONE;
  const named = (arrayAt(spec, 'volumes') ?? []).flatMap((volume, index) => {
    const name = stringAt(volume, 'name') ?? `#${index}`;
    const isEphemeral = get(volume, 'ephemeral') !== undefined;
    const type = isEphemeral ? 'ephemeral' : 'persistentVolumeClaim';
    const own = stringAt(volume, type, 'claimName');
    const claimNames = isEphemeral ? pods.map((pod) => `${pod}-${name}`) : own === undefined ? [] : [own];
    const isReadOnly = get(volume, type, 'readOnly') === true;
    return claimNames.flatMap((claimName) => {
      const found = bound.get(claimName);
      if (found === undefined) return [];
      return [{ ...found, name, claimName, isReadOnly, at: [...specPath, 'volumes', index, type] }];
    });
  });
  return [...named, ...ofTemplates(resource, bound)];
}

/** A StatefulSet names the claims that it makes after the template, itself and the number of the pod. */
function ofTemplates(
  { groupKind, name: owner, object }: Resource,
  bound: ReadonlyMap<string, NodeVolume>,
): readonly ClaimedHostVolume[] {
  if (groupKind !== 'apps/StatefulSet') return NONE;
  return (arrayAt(object, 'spec', 'volumeClaimTemplates') ?? []).flatMap((template, index) => {
    const name = stringAt(template, 'metadata', 'name');
    if (name === undefined) return [];
    const start = `${name}-${owner}-`;
    return [...bound]
      .filter(([claim]) => claim.startsWith(start) && /^\d+$/.test(claim.slice(start.length)))
      .map(([claimName, found]) => ({
        ...{ ...found, name, claimName, isReadOnly: false },
        at: ['spec', 'volumeClaimTemplates', index],
      }));
  });
}

/** What makes such a volume a way to the node, in words that follow its path; undefined where nothing does. */
export function claimedDanger(workload: Workload, volume: ClaimedHostVolume): string | undefined {
  return holdsRuntimeSocket(volume.path)
    ? 'which holds the socket of the container runtime'
    : hostPathDanger({ workload }, volume);
}
