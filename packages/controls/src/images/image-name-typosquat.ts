import { defineControl, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';
import { lookAlikeOf } from './look-alikes.ts';

export const imageNameTyposquat = defineControl({
  id: 'image-name-typosquat',
  aliases: [],
  title: 'Images must not have a name that only looks like a well-known one',
  problem: 'use images whose name only looks like a well-known one',
  message: 'The {place} of {resource} uses the {what} {name}, which looks like {known}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Names one slip of a finger away from well-known ones are registered by people who wait for that slip. Their images run as the real ones would, and a registry of such a name also collects the credentials of whoever tries to pull.',
  remediation:
    'Correct the name. If it is meant, and its owner is known to you, write an exception that says so. Replace credentials that a wrong registry may have been sent.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  attack: ['T1036.005', 'T1195.002'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNoImage,
  *evaluate({ workload }) {
    for (const { image, path, place } of imageUses(workload, true)) {
      const like = lookAlikeOf(image);
      if (like !== undefined)
        yield { path, facts: { place, what: like.what, name: like.name, known: like.known } };
    }
  },
});
