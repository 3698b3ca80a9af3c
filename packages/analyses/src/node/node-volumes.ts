import { type Analysis, get, objectAt, type Resource, stringAt, type WorldView } from '@bulwark/core';
import { simplePath } from './host-paths.ts';

const CLAIM = 'PersistentVolumeClaim';
const VOLUME = 'PersistentVolume';

/** A PersistentVolume that is a directory, a file or a disk of a node. */
interface OfNode {
  readonly volume: Resource;
  /** The path on the node, in its simplest form. */
  readonly path: string;
  /** Whether containers get it as a raw device, past any file system. */
  readonly isDevice: boolean;
}

/** What a claim is bound to, where that is of a node. */
export interface NodeVolume extends OfNode {
  /** Undefined where the volume alone tells of the claim. */
  readonly claim: Resource | undefined;
}

/** The claims that are bound to something of a node. */
export interface NodeVolumes {
  /** Those of a namespace, by name. */
  in(namespace: string): ReadonlyMap<string, NodeVolume>;
  /** All of it as text, by which it is seen whether a change said anything new. */
  readonly text: string;
}

const NONE: ReadonlyMap<string, NodeVolume> = new Map();

/**
 * The claims that are bound to a PersistentVolume of the types `hostPath` and `local`: a claim names its volume
 * (`spec.volumeName`), or a volume the claim that it is kept for (`spec.claimRef`). The volumes of drivers and of file
 * servers are not of the node. Cost: linear in volumes, and in claims where a volume is of a node.
 */
export const nodeVolumes: Analysis<NodeVolumes> = {
  id: 'node-volumes',
  reads: [CLAIM, VOLUME],
  compute(world) {
    const volumes = world.list(VOLUME).flatMap(ofNode);
    if (volumes.length === 0) return { in: () => NONE, text: '' };
    const bound = boundClaims(volumes, world);
    return { in: (namespace) => bound.get(namespace) ?? NONE, text: told(bound) };
  },
};

function ofNode(volume: Resource): OfNode[] {
  const spec = objectAt(volume.object, 'spec');
  const path = stringAt(spec, 'hostPath', 'path') ?? stringAt(spec, 'local', 'path');
  const phase = stringAt(volume.object, 'status', 'phase');
  // Its claim is deleted, and no other one gets it: one of the same name neither.
  if (path === undefined || phase === 'Released') return [];
  return [{ volume, path: simplePath(path), isDevice: get(spec, 'volumeMode') === 'Block' }];
}

type Bound = Map<string, Map<string, NodeVolume>>;

function boundClaims(volumes: readonly OfNode[], world: WorldView): Bound {
  const bound: Bound = new Map();
  const byName = new Map<string, OfNode>();
  // Of several that are kept for one claim one gets it: the last by name here, in whichever order they came.
  for (const each of volumes.toSorted((a, b) => (a.volume.name < b.volume.name ? -1 : 1))) {
    byName.set(each.volume.name, each);
    const { namespace, name } = claimOf(each);
    if (name === undefined) continue;
    put(bound, { namespace, name, found: { ...each, claim: world.find(CLAIM, namespace, name) } });
  }
  for (const claim of world.list(CLAIM)) {
    const volumeName = stringAt(claim.object, 'spec', 'volumeName');
    if (volumeName === undefined || volumeName === '') continue;
    const each = byName.get(volumeName);
    const { namespace, name } = claim;
    if (each !== undefined && isFor(each, claim)) put(bound, { namespace, name, found: { ...each, claim } });
    else bound.get(namespace)?.delete(name);
  }
  return bound;
}

function claimOf({ volume }: OfNode): { readonly namespace: string; readonly name: string | undefined } {
  const reference = objectAt(volume.object, 'spec', 'claimRef');
  return { namespace: stringAt(reference, 'namespace') ?? '', name: stringAt(reference, 'name') };
}

/** Whether a volume that a claim names is not kept for another claim. */
function isFor(each: OfNode, claim: Resource): boolean {
  const { namespace, name } = claimOf(each);
  if (name === undefined) return true;
  // A manifest without a namespace goes wherever it is applied to.
  const isAnywhere = stringAt(claim.object, 'metadata', 'namespace') === undefined;
  return name === claim.name && (isAnywhere || namespace === claim.namespace);
}

function put(
  bound: Bound,
  {
    namespace,
    name,
    found,
  }: { readonly namespace: string; readonly name: string; readonly found: NodeVolume },
): void {
  const own = bound.get(namespace);
  if (own === undefined) bound.set(namespace, new Map([[name, found]]));
  else own.set(name, found);
}

function told(bound: Bound): string {
  return [...bound]
    .flatMap(([namespace, claims]) =>
      [...claims].map(([name, { volume, path, isDevice }]) =>
        JSON.stringify([namespace, name, volume.name, path, isDevice]),
      ),
    )
    .sort()
    .join('\n');
}
