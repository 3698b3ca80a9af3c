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

export const requiredValue = defineControl({
  id: 'required-value',
  aliases: [],
  title: 'Fields must have a value that the team agreed on',
  problem: 'lack a value that the team agreed on',
  message: '{owner} must set {field} to {wanted}.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'What a cluster needs from its objects, such as a runtime class, a node selector or a priority, differs from team to team. Without a rule it is agreed on once and forgotten in the next manifest.',
  remediation:
    'Set the field to a value that the rule names. The rule reads what is written: a value that the API server or a webhook fills in is missing here. Each item of a list that the path asks for needs the field; an empty list needs nothing.',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/'],
  attack: [],
  params: { ...fieldParams(['workload'], ['init', 'sidecar', 'regular']), ...VALUE_PARAMS },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: whyNoFields,
  *evaluate(view) {
    const wanted = namesValues(view.params) ? namedValues(view.params) : 'any value';
    for (const { path, value, facts } of fieldsOf(view)) {
      const isThere = value !== undefined && (!namesValues(view.params) || isNamed(view.params, value));
      if (!isThere) yield view.at(path, { ...facts, wanted });
    }
  },
});
