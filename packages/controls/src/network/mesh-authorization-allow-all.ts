import { arrayAt, defineControl, get, isObject, type Json, kinds, stringAt } from '@bulwark/core';

function isEmptyList(value: Json | undefined): boolean {
  return !Array.isArray(value) || value.length === 0;
}

/** Whether a rule names neither callers, operations nor conditions, so that it matches every request. */
function matchesEverything(rule: Json): boolean {
  return isObject(rule) && ['from', 'to', 'when'].every((field) => isEmptyList(get(rule, field)));
}

export const meshAuthorizationAllowAll = defineControl({
  id: 'mesh-authorization-allow-all',
  aliases: [],
  title: 'An AuthorizationPolicy must not allow every request',
  problem: 'allow every request',
  message: 'A rule of {resource} matches every request and allows it.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A request is allowed as soon as one ALLOW policy matches it. An empty rule therefore cancels every other ALLOW policy for the same workloads, and callers without an identity get through too.',
  remediation:
    'Name the callers in from, the operations in to, or conditions in when. To allow nothing, leave rules out altogether.',
  references: ['https://istio.io/latest/docs/reference/config/security/authorization-policy/'],
  attack: ['T1210'],
  appliesTo: kinds('security.istio.io/AuthorizationPolicy'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if ((stringAt(resource.object, 'spec', 'action') ?? 'ALLOW') !== 'ALLOW') return;
    for (const [index, rule] of (arrayAt(resource.object, 'spec', 'rules') ?? []).entries())
      if (matchesEverything(rule)) yield at(['spec', 'rules', index]);
  },
});
