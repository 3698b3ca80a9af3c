import { arrayAt, get, isObject, type Json, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { keyOf } from './shop/units.ts';

/** Every reference of objects to others that leads nowhere, as text. */
export function danglingReferences(objects: readonly JsonObject[]): string[] {
  const known = new Map(objects.map((object) => [keyOf(object), object]));
  const dangling: string[] = [];
  for (const object of objects)
    for (const key of referencesOf(object)) if (!known.has(key)) dangling.push(`${keyOf(object)} -> ${key}`);
  return [...new Set(dangling)].sort();
}

function referencesOf(object: JsonObject): string[] {
  const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
  const kind = stringAt(object, 'kind') ?? '';
  const owners = (arrayAt(object, 'metadata', 'ownerReferences') ?? []).map(
    (owner) => `${groupKind(owner)}|${namespace}|${stringAt(owner, 'name') ?? ''}`,
  );
  const own = namespace === '' ? [] : [`Namespace||${namespace}`];
  return [
    ...own,
    ...owners,
    ...ofPod(object, kind, namespace),
    ...(OF_KIND[kind]?.(object, namespace) ?? []),
  ];
}

function groupKind(reference: Json): string {
  const [group, version] = (stringAt(reference, 'apiVersion') ?? '').split('/');
  const kind = stringAt(reference, 'kind') ?? '';
  return version === undefined ? kind : `${group ?? ''}/${kind}`;
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

function ofPod(object: JsonObject, kind: string, namespace: string): string[] {
  const spec = objectAt(object, ...(TEMPLATES[kind] ?? ['nothing']));
  if (spec === undefined) return [];
  const containers = (arrayAt(spec, 'containers') ?? []).filter(isObject);
  const env = containers.flatMap((container) => arrayAt(container, 'env') ?? []);
  const envFrom = containers.flatMap((container) => arrayAt(container, 'envFrom') ?? []);
  const volumes = arrayAt(spec, 'volumes') ?? [];
  const named = (type: string, list: readonly Json[], ...path: readonly string[]): string[] =>
    list
      .map((item) => stringAt(item, ...path))
      .filter((name) => name !== undefined)
      .map((name) => `${type}|${namespace}|${name}`);
  return [
    ...named('ServiceAccount', [spec], 'serviceAccountName'),
    ...named('Secret', env, 'valueFrom', 'secretKeyRef', 'name'),
    ...named('ConfigMap', envFrom, 'configMapRef', 'name'),
    ...named('Secret', volumes, 'secret', 'secretName'),
    ...named('PersistentVolumeClaim', volumes, 'persistentVolumeClaim', 'claimName'),
    ...[stringAt(spec, 'nodeName')].filter((name) => name !== undefined).map((name) => `Node||${name}`),
    ...[stringAt(spec, 'priorityClassName')]
      .filter((name) => name !== undefined)
      .map((name) => `scheduling.k8s.io/PriorityClass||${name}`),
  ];
}

const RBAC = 'rbac.authorization.k8s.io';

const OF_KIND: Readonly<Record<string, (object: JsonObject, namespace: string) => string[]>> = {
  RoleBinding: bindingReferences,
  ClusterRoleBinding: bindingReferences,
  Ingress: (object, namespace) => [
    ...(arrayAt(object, 'spec', 'rules') ?? []).flatMap((rule) =>
      (arrayAt(rule, 'http', 'paths') ?? []).map(
        (path) => `Service|${namespace}|${stringAt(path, 'backend', 'service', 'name') ?? ''}`,
      ),
    ),
    ...(arrayAt(object, 'spec', 'tls') ?? []).map(
      (tls) => `Secret|${namespace}|${stringAt(tls, 'secretName') ?? ''}`,
    ),
  ],
  HorizontalPodAutoscaler: (object, namespace) => {
    const target = get(object, 'spec', 'scaleTargetRef') ?? null;
    return [`${groupKind(target)}|${namespace}|${stringAt(target, 'name') ?? ''}`];
  },
  PersistentVolumeClaim: (object) => [`PersistentVolume||${stringAt(object, 'spec', 'volumeName') ?? ''}`],
};

function bindingReferences(object: JsonObject, namespace: string): string[] {
  const roleKind = stringAt(object, 'roleRef', 'kind') ?? '';
  const role = `${RBAC}/${roleKind}|${roleKind === 'Role' ? namespace : ''}|${stringAt(object, 'roleRef', 'name') ?? ''}`;
  const accounts = (arrayAt(object, 'subjects') ?? [])
    .filter((subject) => get(subject, 'kind') === 'ServiceAccount')
    .map(
      (subject) =>
        `ServiceAccount|${stringAt(subject, 'namespace') ?? ''}|${stringAt(subject, 'name') ?? ''}`,
    );
  return [role, ...accounts];
}
