import { defineControl, familiarName, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';

export const imageNotPinnedDigest = defineControl({
  id: 'image-not-pinned-digest',
  aliases: ['checkov:CKV_K8S_43', 'kubescape:C-0306', 'kyverno:require-image-checksum'],
  title: 'Images must be pinned by their digest',
  problem: 'use images that are not pinned by a digest',
  message: 'The {place} of {resource} uses {image} without a digest.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A tag can be moved: by the publisher, by a mistake, or by whoever gets hold of the registry. A digest names the content itself, so what was tested and scanned is what runs.',
  remediation:
    'Add the digest to the tag, image:1.4.2@sha256:..., and let a tool such as Renovate keep it current.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  attack: ['T1525', 'T1195.002'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoImage,
  *evaluate({ workload }) {
    for (const { image, path, place } of imageUses(workload, false))
      if (image.digest === undefined) yield { path, facts: { place, image: familiarName(image) } };
  },
});
