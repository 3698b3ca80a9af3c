import { arrayAt, get, oncePerObject, type Resource, type Workload } from '@bulwark/core';
import { holdsRuntimeSocket, hostPathDanger, hostVolumes } from './host-paths.ts';

/** Capabilities by which root in a container acts on its node. */
const OF_THE_NODE = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF']);

/**
 * The ways from a container of a resource to its node that need no fault of the kernel, in words that follow its name,
 * the widest first. In a user namespace (`hostUsers: false`) neither capabilities nor privileges reach the node.
 */
export const nodeEscapes = oncePerObject(({ workloads }: Resource): readonly string[] => [
  ...new Set(workloads.flatMap(escapesOf)),
]);

function escapesOf(workload: Workload): string[] {
  const { spec, containers } = workload;
  const isApart = spec['hostUsers'] === false;
  const acting = isApart
    ? []
    : [
        ...containers
          .filter((each) => get(each.spec, 'securityContext', 'privileged') === true)
          .map(({ name }) => `container ${name} is privileged`),
        ...containers.flatMap(({ name, spec: own }) =>
          added(own, spec).map((each) => `container ${name} has ${each}`),
        ),
      ];
  return [...acting, ...mounted(workload)];
}

function added(container: Workload['spec'], spec: Workload['spec']): string[] {
  return (arrayAt(container, 'securityContext', 'capabilities', 'add') ?? []).flatMap((item) => {
    const name = typeof item === 'string' ? item.toUpperCase().replace(/^CAP_/, '') : '';
    if (OF_THE_NODE.has(name)) return [name];
    return name === 'SYS_PTRACE' && spec['hostPID'] === true
      ? ['SYS_PTRACE and sees the processes of the node']
      : [];
  });
}

/** A volume that no container mounts is no way out. */
function mounted(workload: Workload): string[] {
  const mounts = new Set(
    workload.containers.flatMap(({ spec }) =>
      (arrayAt(spec, 'volumeMounts') ?? []).map((mount) => get(mount, 'name')),
    ),
  );
  return hostVolumes(workload.spec)
    .filter(({ name }) => mounts.has(name))
    .flatMap((volume) => {
      if (holdsRuntimeSocket(volume.path))
        return [`it mounts ${volume.path}, which holds the socket of the container runtime`];
      const danger = hostPathDanger({ workload }, volume);
      return danger === undefined ? [] : [`it mounts ${volume.path} of the node, ${danger}`];
    });
}
