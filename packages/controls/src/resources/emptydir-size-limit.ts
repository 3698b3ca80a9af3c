import { limitRangeDefaults } from '@bulwark/analyses';
import {
  arrayAt,
  type Container,
  defineControl,
  get,
  objectAt,
  stringAt,
  type WorkloadView,
  workloads,
} from '@bulwark/core';
import { type ContainerPlace, isLimited } from './container-resources.ts';
import { whyNotOperated } from './judged-pods.ts';

function mounts({ spec }: Container, volume: string | undefined): boolean {
  return (arrayAt(spec, 'volumeMounts') ?? []).some((mount) => get(mount, 'name') === volume);
}

/**
 * The kubelet holds what a pod writes to the disk against the sum of its containers' limits, as soon as one of them has
 * any. Files in memory count as memory of the container that writes them.
 */
function isBounded(view: WorkloadView, volume: string | undefined, inMemory: boolean): boolean {
  const { resource, spec, kubernetes, world, workload } = view;
  const places = workload.containers
    .filter(({ type }) => type !== 'ephemeral')
    .map((container): ContainerPlace => ({ resource, spec, kubernetes, world, container }));
  if (!inMemory) return places.some((place) => isLimited(place, 'ephemeral-storage'));
  return places.every((place) => !mounts(place.container, volume) || isLimited(place, 'memory'));
}

export const emptydirSizeLimit = defineControl({
  id: 'emptydir-size-limit',
  aliases: ['kyverno:require-emptydir-requests-limits'],
  title: 'Volumes of type emptyDir must have a bound',
  problem: 'have emptyDir volumes without a bound',
  message: 'In {resource}, the emptyDir volume {volume} can take any amount of {medium}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An emptyDir lies on the disk of the node, or in its memory. With neither a size limit nor a limit of the containers that write to it, one pod can fill either, and the kubelet then evicts others.',
  remediation:
    'Set emptyDir.sizeLimit on the volume. Where containers have limits for ephemeral storage, or for memory if the medium is Memory, those bind the volume as well.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
    'https://kubernetes.io/docs/concepts/storage/ephemeral-storage/',
  ],
  attack: ['T1499'],
  appliesTo: workloads,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: whyNotOperated,
  *evaluate(view) {
    for (const [index, volume] of (arrayAt(view.spec, 'volumes') ?? []).entries()) {
      const emptyDir = objectAt(volume, 'emptyDir');
      if (emptyDir === undefined || (emptyDir['sizeLimit'] ?? undefined) !== undefined) continue;
      const name = stringAt(volume, 'name');
      const inMemory = emptyDir['medium'] === 'Memory';
      if (isBounded(view, name, inMemory)) continue;
      yield view.at(['volumes', index, 'emptyDir', 'sizeLimit'], {
        volume: name ?? `#${index}`,
        medium: inMemory ? 'memory' : 'disk space',
      });
    }
  },
});
