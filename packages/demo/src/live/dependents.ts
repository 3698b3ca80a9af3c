import { arrayAt, canonicalJson, get, isObject, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { suffixOf, uidOf } from '../seeded/names.ts';
import type { NodeSpec } from './nodes.ts';
import { ownerReference } from './owner-reference.ts';
import { podObject } from './pod.ts';

/** Where a controller's pods run. */
export interface Surroundings {
  readonly nodes: readonly NodeSpec[];
  /** When the controller's present template came to be, as ISO 8601. */
  readonly since: string;
}

/** What a controller has made: a Deployment its ReplicaSet and pods, a StatefulSet and DaemonSet their pods. */
export function dependentsOf(controller: JsonObject, surroundings: Surroundings): JsonObject[] {
  const kind = stringAt(controller, 'kind') ?? '';
  const template = objectAt(controller, 'spec', 'template') ?? {};
  switch (kind) {
    case 'Deployment': {
      const set = replicaSetOf(controller, surroundings.since);
      return [set, ...pods(set, replicasOf(controller), surroundings)];
    }
    case 'StatefulSet':
      return numbered(controller, template, surroundings);
    case 'DaemonSet':
      return everywhere(controller, template, surroundings);
    default:
      return [];
  }
}

/** The ReplicaSet of a Deployment's present template. */
export function replicaSetOf(deployment: JsonObject, created: string): JsonObject {
  const name = stringAt(deployment, 'metadata', 'name') ?? '';
  const namespace = stringAt(deployment, 'metadata', 'namespace') ?? '';
  const template = objectAt(deployment, 'spec', 'template') ?? {};
  const hash = suffixOf(9, canonicalJson(template));
  const labels = { ...objectAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: uidOf('ReplicaSet', namespace, name, hash),
      creationTimestamp: created,
      labels,
      annotations: { 'deployment.kubernetes.io/desired-replicas': String(replicasOf(deployment)) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: replicasOf(deployment),
      selector: {
        matchLabels: {
          ...objectAt(deployment, 'spec', 'selector', 'matchLabels'),
          'pod-template-hash': hash,
        },
      },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  };
}

function replicasOf(controller: JsonObject): number {
  return Number(get(controller, 'spec', 'replicas') ?? 1);
}

function pods(set: JsonObject, count: number, surroundings: Surroundings): JsonObject[] {
  const name = stringAt(set, 'metadata', 'name') ?? '';
  const template = objectAt(set, 'spec', 'template') ?? {};
  const fitting = fittingNodes(template, surroundings.nodes);
  return Array.from({ length: count }, (_item, index) =>
    podObject({
      name: `${name}-${suffixOf(5, name, String(index))}`,
      owner: set,
      template,
      node: placeOf(name, index, fitting),
      created: surroundings.since,
    }),
  );
}

function numbered(set: JsonObject, template: JsonObject, { nodes, since }: Surroundings): JsonObject[] {
  const name = stringAt(set, 'metadata', 'name') ?? '';
  const revision = `${name}-${suffixOf(9, canonicalJson(template))}`;
  const fitting = fittingNodes(template, nodes);
  return Array.from({ length: replicasOf(set) }, (_item, index) => {
    const pod = `${name}-${index}`;
    return podObject({
      name: pod,
      owner: set,
      template,
      node: placeOf(name, index, fitting),
      created: since,
      labels: {
        'apps.kubernetes.io/pod-index': String(index),
        'controller-revision-hash': revision,
        'statefulset.kubernetes.io/pod-name': pod,
      },
      spec: {
        hostname: pod,
        subdomain: get(set, 'spec', 'serviceName'),
        ...claimVolumes(set, template, pod),
      },
    });
  });
}

function claimVolumes(set: JsonObject, template: JsonObject, pod: string): JsonObject {
  const claims = arrayAt(set, 'spec', 'volumeClaimTemplates') ?? [];
  if (claims.length === 0) return {};
  const volumes = claims.map((claim) => {
    const name = stringAt(claim, 'metadata', 'name') ?? '';
    return { name, persistentVolumeClaim: { claimName: `${name}-${pod}` } };
  });
  return { volumes: [...volumes, ...(arrayAt(template, 'spec', 'volumes') ?? [])] };
}

function everywhere(set: JsonObject, template: JsonObject, { nodes, since }: Surroundings): JsonObject[] {
  const name = stringAt(set, 'metadata', 'name') ?? '';
  const hash = suffixOf(9, canonicalJson(template));
  return fittingNodes(template, nodes).map((node) => {
    const required = {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.name] }] }],
    };
    return podObject({
      name: `${name}-${suffixOf(5, name, hash, node.name)}`,
      owner: set,
      template,
      node,
      created: since,
      labels: { 'controller-revision-hash': hash, 'pod-template-generation': '1' },
      spec: {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      },
    });
  });
}

/** The node of one of an application's pods, which are spread over those that fit; undefined where none does. */
export function placeOf(name: string, index: number, fitting: readonly NodeSpec[]): NodeSpec | undefined {
  const start = Number.parseInt(uidOf(name).slice(0, 6), 16);
  return fitting[(start + index) % Math.max(1, fitting.length)];
}

/** The nodes on which a template's pods may run. */
export function fittingNodes(template: JsonObject, nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  return nodes.filter((node) => fits(template, node));
}

function fits(template: JsonObject, { pool }: NodeSpec): boolean {
  const wanted = stringAt(template, 'spec', 'nodeSelector', 'hearthside.example/pool');
  const tolerations = arrayAt(template, 'spec', 'tolerations') ?? [];
  const toleratesAll = tolerations.some((item) => isObject(item) && item['key'] === undefined);
  return wanted === undefined ? pool === 'general' || toleratesAll : pool === wanted;
}
