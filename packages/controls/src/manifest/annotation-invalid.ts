import { defineControl, everything, isLabelKey } from '@bulwark/core';
import { entriesOf, whyNotText } from './metadata-places.ts';
import { quoteFlags } from './quoted-flags.ts';

const SHOWN = 80;

export const annotationInvalid = defineControl({
  id: 'annotation-invalid',
  aliases: [],
  title: 'Annotations must have keys and values that Kubernetes accepts',
  problem: 'have an annotation that Kubernetes refuses',
  message: 'The annotation {key} of {resource} {state}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the whole object for one annotation, so a fix or a policy in the same manifest never arrives.',
  remediation:
    'Write the value as text: put quotes around numbers, true and false, and write lists and mappings as JSON in quotes. A key has at most 63 letters, digits, dots, underscores and hyphens, after an optional DNS name and a slash.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/'],
  attack: [],
  fix: quoteFlags,
  appliesTo: everything,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { path, key, value } of entriesOf(view, 'annotations')) {
      // Other than those of labels, keys of annotations may have capitals before the slash.
      const state = isLabelKey(key.toLowerCase()) ? whyNotText(value) : 'has a key that is none';
      if (state !== undefined) yield view.at(path, { key: key.slice(0, SHOWN), state });
    }
  },
});
