import { defineControl, kinds, mayBreak, removeField, stringAt } from '@bulwark/core';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** A cheap look: kubectl writes compact JSON, and an empty mapping or null holds nothing. */
const HOLDS_DATA = /"(?:data|stringData)":\{"/;

export const secretDataInLastApplied = defineControl({
  id: 'secret-data-in-last-applied',
  aliases: [],
  title: 'Secrets must not carry their values in an annotation',
  problem: 'carry their values in an annotation',
  message: '{resource} has its values in last-applied-configuration as well.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'kubectl apply writes the whole manifest of a Secret, values included, into an annotation. Tools that mask the data of Secrets often leave annotations alone, and metrics, caches and logs that hold only metadata then hold the values, old ones after a change by other means included.',
  remediation:
    'Apply Secrets with kubectl apply --server-side, which writes no such annotation, and remove the one that is there.',
  references: ['https://kubernetes.io/docs/reference/using-api/server-side-apply/'],
  attack: ['T1552.007'],
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  fix: removeField(
    mayBreak('The next kubectl apply without --server-side does not remove keys that left the manifest.'),
  ),
  *evaluate({ resource, at }) {
    const place = ['metadata', 'annotations', LAST_APPLIED];
    if (HOLDS_DATA.test(stringAt(resource.object, ...place) ?? '')) yield at(place);
  },
});
