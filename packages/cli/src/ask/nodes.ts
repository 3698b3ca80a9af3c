import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { details, inCluster } from './words.ts';

/** `bulwark nodes`. */
export const nodes = defineList({
  name: 'nodes',
  plural: 'nodes',
  none: 'No node.',
  hasPages: true,
  route: 'listNodes',
  entries: ({ cluster, name, kubelet, runtime, kernel, os, architecture, ...item }, around) => [
    {
      ...(item.problems.length === 0
        ? { label: 'CURRENT', style: 'faint' as const }
        : { label: 'BEHIND', style: 'medium' as const }),
      whole: inCluster(cluster, name, around),
      text: '',
      tail: counted(item.pods, 'pod'),
    },
    {
      text: details(
        item.roles.join(', '),
        kubelet !== '' && `kubelet ${kubelet}`,
        runtime,
        kernel !== '' && `kernel ${kernel}`,
        os,
        architecture,
      ),
    },
    ...item.problems.map((text) => ({ text })),
  ],
  cells: {
    cluster: ({ cluster }) => cluster.name,
    name: ({ name }) => name,
    roles: ({ roles }) => roles.join(' '),
    kubelet: ({ kubelet }) => kubelet,
    runtime: ({ runtime }) => runtime,
    kernel: ({ kernel }) => kernel,
    os: ({ os }) => os,
    architecture: ({ architecture }) => architecture,
    addresses: ({ addresses }) => addresses.join(' '),
    taints: ({ taints }) => taints.join(' '),
    pods: ({ pods }) => pods,
    skew: ({ skew }) => skew,
    endOfLife: ({ endOfLife }) => endOfLife,
    runtimeEndOfLife: ({ runtimeEndOfLife }) => runtimeEndOfLife,
    osEndOfLife: ({ osEndOfLife }) => osEndOfLife,
    problems: ({ problems }) => problems.join(' '),
    firstSeen: ({ firstSeen }) => firstSeen,
  },
});
