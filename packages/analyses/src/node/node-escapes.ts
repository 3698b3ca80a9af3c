import { arrayAt, get, oncePerObject, type Resource, type Workload } from '@bulwark/core';
import { claimedDanger, claimedHostVolumes } from './claimed-host-volumes.ts';
import { holdsRuntimeSocket, hostPathDanger, hostVolumes } from './host-paths.ts';
import type { NodeVolumes } from './node-volumes.ts';

/** Capabilities by which root in a container acts on its node. */
const OF_THE_NODE = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF']);

const NONE: readonly string[] = [];

/**
 * The ways from a container of a resource to its node that need no fault of the kernel, in words that follow its name,
 * the widest first. In a user namespace (`hostUsers: false`) neither capabilities nor privileges reach the node.
 */
export function nodeEscapes(resource: Resource, claims: NodeVolumes): readonly string[] {
  const own = ownEscapes(resource);
  const claimed = resource.workloads.flatMap((workload) => mountedByClaim(resource, workload, claims));
  return claimed.length === 0 ? own : [...new Set([...own, ...claimed])];
}

const ownEscapes = oncePerObject(({ workloads }: Resource): readonly string[] => [
  ...new Set(workloads.flatMap(escapesOf)),
]);

function escapesOf(workload: Workload): string[] {
  const { spec, containers } = workload;
  const found = mounted(workload);
  if (spec['hostUsers'] === false) return found;
  const acting: string[] = [];
  for (const each of containers)
    if (get(each.spec, 'securityContext', 'privileged') === true)
      acting.push(`container ${each.name} is privileged`);
  for (const { name, spec: own } of containers)
    for (const each of added(own, spec)) acting.push(`container ${name} has ${each}`);
  return acting.length === 0 ? found : [...acting, ...found];
}

function added(container: Workload['spec'], spec: Workload['spec']): readonly string[] {
  const items = arrayAt(container, 'securityContext', 'capabilities', 'add');
  if (items === undefined) return NONE;
  return items.flatMap((item) => {
    const name = typeof item === 'string' ? item.toUpperCase().replace(/^CAP_/, '') : '';
    if (OF_THE_NODE.has(name)) return [name];
    return name === 'SYS_PTRACE' && spec['hostPID'] === true
      ? ['SYS_PTRACE and sees the processes of the node']
      : [];
  });
}

/** A volume that no container mounts is no way out. */
function mounted(workload: Workload): string[] {
  const volumes = hostVolumes(workload.spec);
  if (volumes.length === 0) return [];
  const mounts = mountedIn(workload);
  return volumes
    .filter(({ name }) => mounts.has(name))
    .flatMap((volume) => {
      if (holdsRuntimeSocket(volume.path))
        return [`it mounts ${volume.path}, which holds the socket of the container runtime`];
      const danger = hostPathDanger({ workload }, volume);
      return danger === undefined ? [] : [`it mounts ${volume.path} of the node, ${danger}`];
    });
}

/** Of a disk it is not known whether it is one that the node lives on. */
function mountedByClaim(resource: Resource, workload: Workload, claims: NodeVolumes): string[] {
  const volumes = claimedHostVolumes(resource, workload, claims).filter(({ isDevice }) => !isDevice);
  if (volumes.length === 0) return [];
  const mounts = mountedIn(workload);
  return volumes
    .filter(({ name }) => mounts.has(name))
    .flatMap((volume) => {
      const danger = claimedDanger(workload, volume);
      const { path, claimName, volume: persistent } = volume;
      const by = `by claim ${claimName} and PersistentVolume ${persistent.name}`;
      return danger === undefined ? [] : [`it mounts ${path} of the node ${by}, ${danger}`];
    });
}

function mountedIn({ containers }: Workload): ReadonlySet<unknown> {
  return new Set(
    containers.flatMap(({ spec }) =>
      (arrayAt(spec, 'volumeMounts') ?? []).map((mount) => get(mount, 'name')),
    ),
  );
}
