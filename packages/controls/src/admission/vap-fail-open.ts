import { ADMISSION_POLICY } from '@bulwark/analyses';
import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';

export const vapFailOpen = defineControl({
  id: 'vap-fail-open',
  aliases: [],
  title: 'Admission policies must fail closed',
  problem: 'let through what they cannot evaluate',
  message: '{resource} lets a request through when its expressions fail.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'An expression fails on objects that it was not written for, such as one without a field that it reads. With failurePolicy Ignore the policy then allows the request, so whoever writes the manifest can choose to leave the field out.',
  remediation:
    'Set failurePolicy to Fail, and guard optional fields in the expressions with has() or the ?. operator. A policy of this kind runs inside the API server and cannot be unreachable.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#failure-policy',
  ],
  attack: ['T1562.001'],
  fix: setValue('Fail', mayBreak('Requests on which an expression fails are refused from then on.')),
  appliesTo: kinds(ADMISSION_POLICY),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, 'spec', 'failurePolicy') === 'Ignore') yield at('spec.failurePolicy');
  },
});
