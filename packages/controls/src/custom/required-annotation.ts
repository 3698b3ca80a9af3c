import { defineControl, everything } from '@bulwark/core';
import { lacksRequired, metadataParams, whyNotKey, whyNotRequired } from './required-metadata.ts';

export const requiredAnnotation = defineControl({
  id: 'required-annotation',
  aliases: ['kube-linter:required-annotation-email', 'kyverno:require-annotations'],
  title: 'Objects must have the annotations that the team agreed on',
  problem: 'lack an annotation that the team agreed on',
  message: '{resource} {state} the annotation {key}{place}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Annotations carry what people and tools need to know about an object, such as whom to call or which runbook to follow. Where one is missing, that knowledge has to be found while an incident runs.',
  remediation:
    'Add the annotation to metadata.annotations, with a value of the agreed form; where the rule asks for it, in the pod template as well.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/'],
  attack: [],
  params: metadataParams('annotation'),
  appliesTo: everything,
  looks: 'object',
  reads: [],
  refuses: whyNotKey,
  notApplicable: whyNotRequired,
  evaluate: (view) => lacksRequired(view, 'annotations'),
});
