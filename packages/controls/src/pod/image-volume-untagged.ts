import { arrayAt, defineControl, familiarName, parseImageRef, stringAt, workloads } from '@bulwark/core';

export const imageVolumeUntagged = defineControl({
  id: 'image-volume-untagged',
  aliases: [],
  title: 'Image volumes must name a digest',
  problem: 'mount an image as a volume without naming its digest',
  message: 'Volume {volume} of {resource} mounts {image}, which can change.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The content of an image volume is code or data of the pod like its images. By a tag the registry, or whoever can push to it, decides what the next pod mounts, and two replicas can differ.',
  remediation:
    'Add the digest to the reference: NAME:TAG@sha256:DIGEST. A tool such as Renovate keeps it up to date.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/',
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  ],
  attack: ['T1525', 'T1195.002'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      const reference = stringAt(volume, 'image', 'reference');
      if (reference === undefined || reference === '') continue;
      const parsed = parseImageRef(reference);
      if (parsed.ok && parsed.value.digest !== undefined) continue;
      yield at(['volumes', index, 'image', 'reference'], {
        volume: stringAt(volume, 'name') ?? `#${index}`,
        image: parsed.ok ? familiarName(parsed.value) : 'something that is not an image',
      });
    }
  },
});
