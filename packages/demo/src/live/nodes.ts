import type { JsonObject } from '@bulwark/core';
import type { Pool } from '../app/app-spec.ts';
import { uidOf } from '../seeded/names.ts';

/** A node of the demo's cluster. */
export interface NodeSpec {
  readonly name: string;
  readonly pool: Pool;
  readonly zone: string;
  readonly kubelet: string;
  readonly kernel: string;
  readonly system: string;
  readonly runtime: string;
  /** Where it is in the cluster's network. */
  readonly number: number;
}

const CURRENT = {
  kubelet: 'v1.34.1',
  kernel: '6.12.43+deb13-amd64',
  system: 'Debian GNU/Linux 13 (trixie)',
  runtime: 'containerd://2.1.4',
};

/** Most nodes are up to date; the build node was forgotten when the others were upgraded. */
export const NODES: readonly NodeSpec[] = [
  { name: 'general-1', pool: 'general', zone: 'a', number: 1, ...CURRENT },
  { name: 'general-2', pool: 'general', zone: 'b', number: 2, ...CURRENT },
  { name: 'general-3', pool: 'general', zone: 'c', number: 3, ...CURRENT },
  { name: 'general-4', pool: 'general', zone: 'a', number: 4, ...CURRENT },
  { name: 'general-5', pool: 'general', zone: 'b', number: 5, ...CURRENT, kernel: '6.12.41+deb13-amd64' },
  { name: 'memory-1', pool: 'memory', zone: 'a', number: 6, ...CURRENT },
  { name: 'memory-2', pool: 'memory', zone: 'c', number: 7, ...CURRENT },
  {
    name: 'build-1',
    pool: 'build',
    zone: 'b',
    number: 8,
    kubelet: 'v1.31.9',
    kernel: '5.10.0-32-amd64',
    system: 'Debian GNU/Linux 11 (bullseye)',
    runtime: 'containerd://1.7.20',
  },
];

/** A node as the API server gives it. */
export function nodeObject(node: NodeSpec, created: string): JsonObject {
  const { name, pool, zone } = node;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: uidOf('Node', name),
      creationTimestamp: created,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'eu-1',
        'topology.kubernetes.io/zone': `eu-1${zone}`,
        'hearthside.example/pool': pool,
      },
    },
    spec: {
      podCIDR: `${podNetwork(node)}.0/24`,
      podCIDRs: [`${podNetwork(node)}.0/24`],
      providerID: `metal://eu-1${zone}/${name}`,
      ...(pool !== 'general' && {
        taints: [{ key: 'hearthside.example/pool', value: pool, effect: 'NoSchedule' }],
      }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: nodeAddress(node) },
        { type: 'Hostname', address: name },
      ],
      conditions: CONDITIONS.map(([type, status, reason]) => ({ type, status, reason })),
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        kernelVersion: node.kernel,
        osImage: node.system,
        containerRuntimeVersion: node.runtime,
        kubeletVersion: node.kubelet,
        kubeProxyVersion: node.kubelet,
      },
    },
  };
}

/** The node's own address. */
export function nodeAddress({ number }: NodeSpec): string {
  return `10.20.${Math.floor(number / 250)}.${(number % 250) + 4}`;
}

/** The first three parts of the addresses of a node's pods. */
export function podNetwork({ number }: NodeSpec): string {
  return `10.${128 + Math.floor(number / 256)}.${number % 256}`;
}

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID'],
  ['Ready', 'True', 'KubeletReady'],
] as const;
