import { arrayAt, get, isObject, type Json, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { pickBy } from '../app/care.ts';
import { digestOf, suffixOf, uidOf } from '../seeded/names.ts';
import { type NodeSpec, nodeAddress, podNetwork } from './nodes.ts';
import { ownerReference } from './owner-reference.ts';

/** What a pod is made of. */
export interface PodParts {
  readonly name: string;
  readonly owner?: JsonObject;
  readonly namespace?: string;
  readonly template: JsonObject;
  readonly node: NodeSpec | undefined;
  readonly created: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
  /** Fields that the pod has beside its template's. */
  readonly spec?: JsonObject;
  readonly phase?: 'Running' | 'Succeeded' | 'Failed' | 'Pending';
}

/** A pod as the API server gives it: its template, what admission adds, where it runs and how it does. */
export function podObject(parts: PodParts): JsonObject {
  const { name, owner, template, node, created, phase = 'Running' } = parts;
  const namespace = parts.namespace ?? stringAt(owner, 'metadata', 'namespace') ?? '';
  const uid = uidOf('Pod', namespace, name, created);
  const metadata = objectAt(template, 'metadata') ?? {};
  const { creationTimestamp: _none, ...templateMetadata } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...templateMetadata,
      name,
      namespace,
      uid,
      creationTimestamp: created,
      labels: { ...objectAt(metadata, 'labels'), ...parts.labels },
      ...(parts.annotations !== undefined && {
        annotations: { ...objectAt(metadata, 'annotations'), ...parts.annotations },
      }),
      ...(owner !== undefined && { ownerReferences: [ownerReference(owner)] }),
    },
    spec: admitted({ ...objectAt(template, 'spec'), ...parts.spec }, name, node),
    status: statusOf(template, { name, namespace, created, phase, node }),
  };
}

const TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/** A pod's spec with what the admission plug-ins and the scheduler add. */
function admitted(spec: JsonObject, name: string, node: NodeSpec | undefined): JsonObject {
  const base = {
    ...spec,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    tolerations: [...(arrayAt(spec, 'tolerations') ?? []), ...TOLERATIONS],
    ...(node !== undefined && { nodeName: node.name }),
  };
  return spec['automountServiceAccountToken'] === false ? base : withToken(base, name);
}

function withToken(spec: JsonObject, name: string): JsonObject {
  const volume = `kube-api-access-${suffixOf(5, 'token', name)}`;
  const mount = { name: volume, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
  const mounting = (container: Json): Json =>
    isObject(container)
      ? { ...container, volumeMounts: [...(arrayAt(container, 'volumeMounts') ?? []), mount] }
      : container;
  const lists = ['initContainers', 'containers'].flatMap((list) => {
    const containers = arrayAt(spec, list);
    return containers === undefined ? [] : [[list, containers.map(mounting)] as const];
  });
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  return {
    ...spec,
    ...Object.fromEntries(lists),
    volumes: [
      ...(arrayAt(spec, 'volumes') ?? []),
      { name: volume, projected: { defaultMode: 420, sources } },
    ],
  };
}

interface Running {
  readonly name: string;
  readonly namespace: string;
  readonly created: string;
  readonly phase: string;
  readonly node: NodeSpec | undefined;
}

function statusOf(template: JsonObject, { name, namespace, created, phase, node }: Running): JsonObject {
  if (node === undefined) return { phase: 'Pending', qosClass: 'Burstable' };
  const isHost = get(template, 'spec', 'hostNetwork') === true;
  const address = isHost
    ? nodeAddress(node)
    : `${podNetwork(node)}.${pickBy(`${namespace}/${name}`, 250) + 2}`;
  const containers = arrayAt(template, 'spec', 'containers') ?? [];
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  return {
    phase,
    hostIP: nodeAddress(node),
    podIP: address,
    podIPs: [{ ip: address }],
    qosClass: 'Burstable',
    startTime: created,
    conditions: [{ type: 'Ready', status: isDone ? 'False' : 'True', lastTransitionTime: created }],
    containerStatuses: containers.map((container) => containerStatus(container, { created, isDone })),
  };
}

function containerStatus(
  container: Json,
  { created, isDone }: { created: string; isDone: boolean },
): JsonObject {
  const image = stringAt(container, 'image') ?? '';
  const [repository = ''] = image.split('@');
  const digest = image.split('@')[1] ?? `sha256:${digestOf('pulled', image)}`;
  return {
    name: stringAt(container, 'name') ?? '',
    image,
    imageID: `${repository.replace(/:[^:/]+$/, '')}@${digest}`,
    ready: !isDone,
    started: !isDone,
    restartCount: 0,
    state: isDone
      ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: created } }
      : { running: { startedAt: created } },
  };
}
