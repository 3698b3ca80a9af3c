import { defineControl, everything, isLabelKey, isLabelValue, type Json } from '@bulwark/core';
import { entriesOf, whyNotText } from './metadata-places.ts';
import { quoteFlags } from './quoted-flags.ts';

const SHOWN = 80;

export const labelInvalid = defineControl({
  id: 'label-invalid',
  aliases: ['kube-score:label-values'],
  title: 'Labels must have keys and values that Kubernetes accepts',
  problem: 'have a label that Kubernetes refuses',
  message: 'The label {key} of {resource} {state}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the whole object for one label, so a fix or a policy in the same manifest never arrives.',
  remediation:
    'Write the value as text of at most 63 letters, digits, dots, underscores and hyphens, with a letter or digit at both ends; put quotes around numbers, true and false. A key has the same form, after an optional DNS name and a slash.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/'],
  attack: [],
  fix: quoteFlags,
  appliesTo: everything,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { path, key, value } of entriesOf(view, 'labels')) {
      const state = whyInvalid(key, value);
      if (state !== undefined) yield view.at(path, { key: key.slice(0, SHOWN), state });
    }
  },
});

function whyInvalid(key: string, value: Json): string | undefined {
  if (!isLabelKey(key)) return 'has a key that is none';
  if (typeof value !== 'string' || isLabelValue(value)) return whyNotText(value);
  return value.length > 63
    ? 'is longer than 63 characters'
    : 'has a value with characters that are not allowed';
}
