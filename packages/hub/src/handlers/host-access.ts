import { mountsOf } from '@bulwark/analyses';
import { arrayAt, get, type Resource, stringAt, type Workload } from '@bulwark/core';
import { capabilityNames } from './container-settings.ts';
import { listed, named } from './words.ts';

const NAMESPACES = [
  ['hostNetwork', "It uses its node's network: it sees the node's interfaces and local ports."],
  ['hostPID', 'It sees every process of its node.'],
  ['hostIPC', "It shares its node's inter-process communication."],
] as const;

/** Capabilities that reach beyond the container, and what each gives. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  ALL: 'everything that root of the node may do',
  SYS_ADMIN: 'mounting and most of what root of the node may do',
  SYS_MODULE: "loading modules into the node's kernel",
  SYS_PTRACE: 'reading and changing other processes',
  SYS_RAWIO: "raw access to the node's devices",
  DAC_READ_SEARCH: "reading files of the node by their number, past the container's own",
  NET_ADMIN: "changing the network of its pod, or of its node where it shares the node's",
  BPF: "loading programs into the node's kernel",
};

/** What a workload can reach of its node, in sentences; none where it is nothing out of the ordinary. */
export function hostAccess({ workloads }: Resource): readonly string[] {
  return workloads.flatMap((workload) => [
    ...NAMESPACES.filter(([field]) => workload.spec[field] === true).map(([, sentence]) => sentence),
    ...privileged(workload),
    ...hostPaths(workload),
    ...hostPorts(workload),
    ...capabilities(workload),
    ...userNamespace(workload),
  ]);
}

function privileged({ containers }: Workload): readonly string[] {
  const names = containers
    .filter(({ spec }) => get(spec, 'securityContext', 'privileged') === true)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `${named('Container', names)} ${names.length === 1 ? 'is' : 'are'} privileged: root in ${names.length === 1 ? 'it' : 'them'} is root on the node.`,
  ];
}

function hostPaths({ spec, containers }: Workload): readonly string[] {
  return (arrayAt(spec, 'volumes') ?? []).flatMap((volume) => {
    const path = stringAt(volume, 'hostPath', 'path');
    if (path === undefined) return [];
    const mounts = mountsOf(containers, stringAt(volume, 'name') ?? '');
    if (mounts.length === 0) return [`It has the node's ${path} as a volume, which no container mounts.`];
    const verb = mounts.every(({ isReadOnly }) => isReadOnly) ? 'reads' : 'reads and writes';
    return [
      `It ${verb} the node's ${path}, in ${listed(mounts.map(({ container, path: at }) => `${container} at ${at}`))}.`,
    ];
  });
}

function hostPorts({ containers }: Workload): readonly string[] {
  return containers.flatMap(({ name, spec }) => {
    const ports = (arrayAt(spec, 'ports') ?? []).flatMap((port) => {
      const number = get(port, 'hostPort');
      return typeof number === 'number' && number > 0 ? [String(number)] : [];
    });
    return ports.length === 0 ? [] : [`Container ${name} listens on ${named('port', ports)} of its node.`];
  });
}

function capabilities({ containers }: Workload): readonly string[] {
  return containers.flatMap(({ name, spec }) =>
    capabilityNames(spec, 'add').flatMap((capability) => {
      const means = CAPABILITIES[capability];
      return means === undefined ? [] : [`Container ${name} has ${capability}: ${means}.`];
    }),
  );
}

function userNamespace({ spec }: Workload): readonly string[] {
  return spec['hostUsers'] === false
    ? ['It has users of its own: its root is not root of the node (hostUsers: false).']
    : [];
}
