import { arrayAt, type Json, objectAt, type Resource, stringAt } from '@bulwark/core';

export const VALIDATING = 'admissionregistration.k8s.io/ValidatingWebhookConfiguration';
export const MUTATING = 'admissionregistration.k8s.io/MutatingWebhookConfiguration';

/** One webhook of a configuration. */
export interface Webhook {
  readonly index: number;
  readonly name: string;
  readonly spec: Json;
}

/** The webhooks of a configuration. */
export function webhooksOf({ object }: Resource): readonly Webhook[] {
  return (arrayAt(object, 'webhooks') ?? []).map((spec, index) => ({
    index,
    name: stringAt(spec, 'name') ?? `#${index}`,
    spec,
  }));
}

function has(rule: Json, field: string, wanted: readonly string[]): boolean {
  return (arrayAt(rule, field) ?? []).some((item) => wanted.some((name) => name === item));
}

/** Whether a webhook is asked about new pods. */
export function seesNewPods({ spec }: Webhook): boolean {
  return (arrayAt(spec, 'rules') ?? []).some(
    (rule) =>
      has(rule, 'apiGroups', ['', '*']) &&
      has(rule, 'resources', ['pods', '*', '*/*']) &&
      has(rule, 'operations', ['CREATE', '*']),
  );
}

/** Whether a webhook looks at chosen objects only. */
export function isSelective({ spec }: Webhook): boolean {
  const conditions = arrayAt(spec, 'matchConditions') ?? [];
  return conditions.length > 0 || Object.keys(objectAt(spec, 'objectSelector') ?? {}).length > 0;
}

/** Whether requests go through when the webhook gives no answer; the first version of the API had it so by default. */
export function failsOpen({ apiVersion }: Resource, { spec }: Webhook): boolean {
  const policy = stringAt(spec, 'failurePolicy');
  return policy === 'Ignore' || (policy === undefined && apiVersion.endsWith('/v1beta1'));
}
