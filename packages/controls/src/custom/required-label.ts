import { defineControl, everything } from '@bulwark/core';
import { lacksRequired, metadataParams, whyNotKey, whyNotRequired } from './required-metadata.ts';

export const requiredLabel = defineControl({
  id: 'required-label',
  aliases: [
    'kubescape:C-0076',
    'kubescape:C-0077',
    'kube-linter:required-label-owner',
    'kyverno:require-labels',
  ],
  title: 'Objects must have the labels that the team agreed on',
  problem: 'lack a label that the team agreed on',
  message: '{resource} {state} the label {key}{place}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Policies, alerts and bills find objects by their labels. One without the label that names its owner or its tier falls through all of them: nobody is called when it is attacked, and a network policy that selects by the label does not hold for it.',
  remediation:
    'Add the label to metadata.labels, with a value of the agreed form; where the rule asks for it, in the pod template as well. Labels of a template must go on matching the selector of its controller.',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
  ],
  attack: [],
  params: metadataParams('label'),
  appliesTo: everything,
  looks: 'object',
  reads: [],
  refuses: whyNotKey,
  notApplicable: whyNotRequired,
  evaluate: (view) => lacksRequired(view, 'labels'),
});
