import { defineControl, everything } from '@bulwark/core';
import {
  fieldParams,
  fieldsOf,
  isNamed,
  namedValues,
  namesValues,
  VALUE_PARAMS,
  whyNoFields,
} from './field-rule.ts';

export const forbiddenValue = defineControl({
  id: 'forbidden-value',
  aliases: [],
  title: 'Fields must not have a value that the team forbids',
  problem: 'have a value that the team forbids',
  message: '{owner} must not set {field} to {forbidden}.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'A field that is right in one cluster is wrong in another: a storage class without encryption, a priority kept for the platform, a node that holds other data. A rule in the repository says so before the object reaches a cluster.',
  remediation:
    'Remove the field, or set it to a value that the rule does not name. The rule reads what is written: it does not see a value that the API server or a webhook fills in.',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/'],
  attack: [],
  params: { ...fieldParams(['*']), ...VALUE_PARAMS },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: whyNoFields,
  *evaluate(view) {
    const forbidden = namesValues(view.params) ? namedValues(view.params) : 'any value';
    for (const { path, value, facts } of fieldsOf(view)) {
      const isThere = value !== undefined && (!namesValues(view.params) || isNamed(view.params, value));
      if (isThere) yield view.at(path, { ...facts, forbidden });
    }
  },
});
