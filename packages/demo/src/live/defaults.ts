import { isObject, type Json, type JsonObject, stringAt } from '@bulwark/core';

/** A pod template with what the API server fills in (Kubernetes, pkg/apis/core/v1/defaults.go). */
export function withDefaults(template: JsonObject, restartPolicy = 'Always'): JsonObject {
  const spec = isObject(template['spec']) ? template['spec'] : {};
  return {
    metadata: { creationTimestamp: null, ...(isObject(template['metadata']) ? template['metadata'] : {}) },
    spec: {
      restartPolicy,
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
      ...(typeof spec['serviceAccountName'] === 'string' && { serviceAccount: spec['serviceAccountName'] }),
      ...mapped(spec, 'initContainers', containerDefaults),
      ...mapped(spec, 'containers', containerDefaults),
      ...mapped(spec, 'volumes', volumeDefaults),
    },
  };
}

function mapped(object: JsonObject, list: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const items = object[list];
  if (!Array.isArray(items)) return {};
  return { [list]: items.map((item: Json) => (isObject(item) ? change(item) : item)) };
}

function containerDefaults(container: JsonObject): JsonObject {
  const image = stringAt(container, 'image') ?? '';
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: image.endsWith(':latest') ? 'Always' : 'IfNotPresent',
    ...container,
    ...mapped(container, 'ports', (port) => ({ protocol: 'TCP', ...port })),
    ...probeDefaults(container, 'readinessProbe'),
    ...probeDefaults(container, 'livenessProbe'),
  };
}

function probeDefaults(container: JsonObject, name: string): JsonObject {
  const probe = container[name];
  if (!isObject(probe)) return {};
  const get = probe['httpGet'];
  return {
    [name]: {
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
      ...probe,
      ...(isObject(get) && { httpGet: { scheme: 'HTTP', ...get } }),
    },
  };
}

function volumeDefaults(volume: JsonObject): JsonObject {
  const { secret } = volume;
  return isObject(secret) ? { ...volume, secret: { defaultMode: 420, ...secret } } : volume;
}
