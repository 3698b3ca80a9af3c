import { defineControl, familiarName, textsParam, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';
import { coversImage, REGISTRY_RULE } from './registry-patterns.ts';

export const imageRegistryNotAllowed = defineControl({
  id: 'image-registry-not-allowed',
  aliases: [
    'trivy:KSV-0125',
    'trivy:KSV-0032',
    'trivy:KSV-0033',
    'trivy:KSV-0034',
    'trivy:KSV-0035',
    'kubescape:C-0078',
    'kyverno:restrict-image-registries',
  ],
  title: 'Images must come from a registry that is allowed',
  problem: 'use images from registries that are not allowed',
  message: 'The {place} of {resource} uses {image}, which no entry of the allowed registries covers.',
  severity: 'medium',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Anyone can publish an image on a public registry, under a name that looks right. A team that scans, signs or mirrors its images has those guarantees only for the registries where it does.',
  remediation:
    'Bring the image into a registry that is allowed, or put its registry or repository on the list.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  attack: ['T1195.002', 'T1525'],
  params: { allowed: textsParam(`Where images may come from. ${REGISTRY_RULE}`) },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoImage,
  *evaluate({ workload, params: { allowed } }) {
    for (const { image, path, place } of imageUses(workload, true))
      if (!allowed.some((entry) => coversImage(entry, image)))
        yield { path, facts: { place, image: familiarName(image) } };
  },
});
