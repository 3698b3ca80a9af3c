import { claimedHostVolumes, mountsOf, nodeVolumes } from '@bulwark/analyses';
import { arrayAt, get, type Resource, stringAt, type Workload } from '@bulwark/core';
import { claimsThings } from './claimed-objects.ts';
import { capabilityNames } from './container-settings.ts';
import { groupBy } from './group-by.ts';
import type { PassportContext } from './passport-context.ts';
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
export function hostAccess(resource: Resource, context: PassportContext): readonly string[] {
  const ofEach = resource.workloads.flatMap((workload) => [
    ...NAMESPACES.filter(([field]) => workload.spec[field] === true).map(([, sentence]) => sentence),
    ...privileged(workload),
    ...hostPaths(workload),
    ...claimedPaths(resource, workload, context),
    ...hostPorts(workload),
    ...capabilities(workload),
    ...userNamespace(workload),
  ]);
  return [...ofEach, ...unseenClaims(resource, context)];
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
    return [mountSentence(`the node's ${path}`, mountsOf(containers, stringAt(volume, 'name') ?? ''))];
  });
}

function mountSentence(what: string, mounts: ReturnType<typeof mountsOf>, by = ''): string {
  if (mounts.length === 0) return `It has ${what} as a volume${by}, which no container mounts.`;
  const verb = mounts.every(({ isReadOnly }) => isReadOnly) ? 'reads' : 'reads and writes';
  return `It ${verb} ${what}, in ${listed(mounts.map(({ container, path }) => `${container} at ${path}`))}${by}.`;
}

/** So many paths and claims of one volume are named: each pod of a StatefulSet has its own. */
const MOST_NAMED = 5;

/** What it has of its node by claims, which nothing in its own fields tells. */
function claimedPaths(
  resource: Resource,
  workload: Workload,
  { world, pods }: PassportContext,
): readonly string[] {
  const names = pods !== undefined && pods.length > 0 ? pods.map(({ name }) => name) : undefined;
  const found = claimedHostVolumes(resource, workload, world.get(nodeVolumes), names);
  return [...groupBy(found, ({ name }) => name).values()].flatMap((volumes) => {
    const [first] = volumes;
    if (first === undefined) return [];
    const mounts = mountsOf(workload.containers, first.name).map((mount) => ({
      ...mount,
      isReadOnly: mount.isReadOnly || first.isReadOnly,
    }));
    const paths = firstOf(volumes.map(({ path }) => path));
    const claims = volumes.map(({ claimName, volume }) => `${claimName} (PersistentVolume ${volume.name})`);
    const by = `, by ${volumes.length === 1 ? 'claim' : 'claims'} ${firstOf(claims)}`;
    return [mountSentence(`the node's ${first.isDevice ? 'raw device ' : ''}${paths}`, mounts, by)];
  });
}

function firstOf(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  const more = all.length - MOST_NAMED;
  return listed(more > 0 ? [...all.slice(0, MOST_NAMED), `${more} more`] : all);
}

/** That it is not known what its claims give it, where what they are bound to is not seen. */
function unseenClaims(resource: Resource, { isSeen, isWhole }: PassportContext): readonly string[] {
  if (!claimsThings(resource)) return [];
  const unseen = ['PersistentVolumeClaim', 'PersistentVolume'].filter((kind) => !isSeen(kind));
  if (unseen.length > 0)
    return [
      `What its claims give it of its node is not known: ${listed(unseen.map((kind) => `${kind}s`))} are not seen.`,
    ];
  return isWhole ? [] : ['What its claims give it of its node is not shown: you see some namespaces only.'];
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
