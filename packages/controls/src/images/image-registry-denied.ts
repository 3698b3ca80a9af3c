import { defineControl, familiarName, textsParam, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';
import { coversImage, REGISTRY_RULE } from './registry-patterns.ts';

export const imageRegistryDenied = defineControl({
  id: 'image-registry-denied',
  aliases: ['kubescape:C-0001'],
  title: 'Images must not come from a registry that is denied',
  problem: 'use images from registries that are denied',
  message: 'The {place} of {resource} uses {image}, which {entry} denies.',
  severity: 'medium',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'A team that knows of a source it does not trust, or must not depend on, wants to hear when it is used all the same.',
  remediation: 'Take the image from another source, or bring it into a registry of your own.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  attack: ['T1195.002', 'T1525'],
  params: { denied: textsParam(`Where images may not come from. ${REGISTRY_RULE}`) },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoImage,
  *evaluate({ workload, params: { denied } }) {
    for (const { image, path, place } of imageUses(workload, true)) {
      const entry = denied.find((candidate) => coversImage(candidate, image));
      if (entry !== undefined) yield { path, facts: { place, image: familiarName(image), entry } };
    }
  },
});
