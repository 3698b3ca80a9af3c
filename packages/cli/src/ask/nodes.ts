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
      tail: item.pods === null ? 'pods not seen' : counted(item.pods, 'pod'),
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
});
