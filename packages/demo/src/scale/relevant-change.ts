import { arrayAt, get, isObject, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import type { SeededRandom } from '../seeded/random.ts';

/** An object after somebody has changed what matters about it; a second change of the same sort takes the first back. */
export function relevantChange(object: JsonObject, random: SeededRandom, serial: number): JsonObject {
  switch (stringAt(object, 'kind')) {
    case 'Deployment':
      return random.chance(0.5) ? withPrivilege(object) : withTag(object, serial);
    case 'Namespace':
      return withLevel(object);
    case 'Service':
      return toggled(object, ['spec', 'type'], 'ClusterIP', 'LoadBalancer');
    case 'NetworkPolicy':
      return withOpenIngress(object);
    case 'Role':
      return withSecrets(object);
    default:
      return object;
  }
}

function changedSpec(deployment: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const pod = objectAt(template, 'spec');
  const [first, ...others] = arrayAt(pod, 'containers') ?? [];
  if (!isObject(first)) return deployment;
  const containers = [change(first), ...others];
  return { ...deployment, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } };
}

function withPrivilege(deployment: JsonObject): JsonObject {
  return changedSpec(deployment, (container) => {
    const context = objectAt(container, 'securityContext') ?? {};
    return { ...container, securityContext: { ...context, privileged: context['privileged'] !== true } };
  });
}

function withTag(deployment: JsonObject, serial: number): JsonObject {
  return changedSpec(deployment, (container) => {
    const [reference = ''] = (stringAt(container, 'image') ?? '').split('@');
    return { ...container, image: `${reference.replace(/:[^:/]*$/, '')}:1.0.${serial}` };
  });
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

function withLevel(namespace: JsonObject): JsonObject {
  return toggled(namespace, ['metadata', 'labels', ENFORCE], 'baseline', 'privileged');
}

function withOpenIngress(policy: JsonObject): JsonObject {
  const { ingress, ...spec } = objectAt(policy, 'spec') ?? {};
  const isOpen =
    Array.isArray(ingress) && ingress.some((rule) => isObject(rule) && rule['from'] === undefined);
  return { ...policy, spec: isOpen ? spec : { ...spec, ingress: [{}] } };
}

function withSecrets(role: JsonObject): JsonObject {
  const rules = arrayAt(role, 'rules') ?? [];
  const added = { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] };
  const kept = rules.filter((rule) => get(rule, 'resources', 0) !== 'secrets');
  return { ...role, rules: kept.length < rules.length ? kept : [...rules, added] };
}

/** Gives the field at a path the one of two values that it has not. */
function toggled(object: JsonObject, path: readonly string[], usual: string, other: string): JsonObject {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return { ...object, [first]: object[first] === other ? usual : other };
  return { ...object, [first]: toggled(objectAt(object, first) ?? {}, rest, usual, other) };
}
