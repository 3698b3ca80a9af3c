import { defineControl, parseImageRef, workloads } from '@bulwark/core';
import { imageTexts } from './image-uses.ts';

export const imageReferenceInvalid = defineControl({
  id: 'image-reference-invalid',
  aliases: [],
  title: 'Images must have a name that can be pulled',
  problem: 'name images in a way that nothing can pull',
  message: 'The {place} of {resource} has no valid image: {reason}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A name that is no image reference is taken by the API server and refused by the runtime: the pod is made, and never starts.',
  remediation:
    'Write registry/repository:tag, the repository in lower case. If a tool fills in the name before the object is applied, nothing has to change.',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  attack: [],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable({ workload }) {
    for (const _text of imageTexts(workload)) return undefined;
    return 'It names no image here.';
  },
  *evaluate({ workload }) {
    for (const { text, path, place } of imageTexts(workload)) {
      const parsed = parseImageRef(text);
      if (!parsed.ok) yield { path, facts: { place, reason: parsed.error.message } };
    }
  },
});
