import {
  compareQuantity,
  defineControl,
  everything,
  type Json,
  parseQuantity,
  quantityParam,
  whyNotRange,
} from '@bulwark/core';
import { fieldParams, fieldsOf, whyNoFields } from './field-rule.ts';

/** The ends of a range, as a team writes them. */
interface Range {
  readonly minimum: string | number | null;
  readonly maximum: string | number | null;
}

export const valueRange = defineControl({
  id: 'value-range',
  aliases: [],
  title: 'Amounts must lie in the range that the team agreed on',
  problem: 'have an amount outside the range that the team agreed on',
  message: '{owner} must set {field} to an amount {range}.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'An amount far outside what a team plans for is a mistake or an abuse: a limit of 500Gi of memory, a thousand replicas, a grace period of a day. One such object can take what all the others need.',
  remediation:
    'Set the field to an amount in the range, as a number or a quantity such as 500m or 2Gi. The rule says nothing where the field is missing; a rule of the control required-value demands it.',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/'],
  attack: [],
  params: {
    ...fieldParams(['*']),
    minimum: quantityParam('The least amount that is allowed; null for no lower end.', { default: null }),
    maximum: quantityParam('The greatest amount that is allowed; null for no upper end.', { default: null }),
  },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  refuses: (params) =>
    params.minimum === null && params.maximum === null
      ? { param: 'minimum', reason: 'and maximum cannot both be missing' }
      : whyNotRange(params),
  notApplicable: whyNoFields,
  *evaluate(view) {
    const { minimum, maximum } = view.params;
    const range = [
      ...(minimum === null ? [] : [`of at least ${minimum}`]),
      ...(maximum === null ? [] : [`of at most ${maximum}`]),
    ].join(' and ');
    for (const { path, value, facts } of fieldsOf(view))
      if (value !== undefined && !isWithin(value, view.params)) yield view.at(path, { ...facts, range });
  },
});

/** Text that is no amount lies in no range. */
function isWithin(value: Json, { minimum, maximum }: Range): boolean {
  const amount = parseQuantity(value);
  if (!amount.ok) return false;
  const least = parseQuantity(minimum);
  const most = parseQuantity(maximum);
  if (least.ok && compareQuantity(amount.value, least.value) < 0) return false;
  return !most.ok || compareQuantity(amount.value, most.value) <= 0;
}
