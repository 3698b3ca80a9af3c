import type { JsonObject } from '@bulwark/core';
import type { AppSpec, NamespaceSpec } from './app-spec.ts';
import { isCareful, pickBy } from './care.ts';
import { claimSpec } from './controller.ts';
import { type Callers, policiesOf } from './network-policy.ts';
import { accountOf, objectLabels, selectorLabels } from './pod-template.ts';

/** What stands beside an application's controller: its account, configuration, Service, budget, scaling and policy. */
export function companionsOf(app: AppSpec, namespace: NamespaceSpec, callers: Callers): JsonObject[] {
  return [
    ...accounts(app, namespace),
    ...configuration(app, namespace),
    ...services(app, namespace),
    ...claims(app, namespace),
    ...budgets(app, namespace),
    ...scaling(app, namespace),
    ...policiesOf(app, namespace, callers),
  ];
}

function metadataOf(app: AppSpec, namespace: NamespaceSpec, name = app.name): JsonObject {
  return { name, namespace: namespace.name, labels: objectLabels(app, namespace) };
}

function accounts(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  if (app.account !== undefined || accountOf(app) === 'default') return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadataOf(app, namespace),
      ...(isCareful(app.care) && { automountServiceAccountToken: false }),
    },
  ];
}

function configuration(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  if (!isCareful(app.care)) return [];
  const data = { LOG_LEVEL: 'info', LOG_FORMAT: 'json', REGION: 'eu-1', SERVICE_NAME: app.name };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(app, namespace, `${app.name}-config`), data },
  ];
}

function services(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  const { port, metrics, kind } = app;
  if (port === undefined || kind === 'CronJob' || kind === 'Pod') return [];
  const isStateful = kind === 'StatefulSet';
  const ports = [
    { name: isStateful ? 'data' : 'http', port: isStateful ? port : 80, protocol: 'TCP', targetPort: port },
  ];
  if (metrics !== undefined && metrics !== port)
    ports.push({ name: 'metrics', port: metrics, protocol: 'TCP', targetPort: metrics });
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(app, namespace),
      spec: {
        type: 'ClusterIP',
        clusterIP: isStateful ? 'None' : clusterIp(namespace.name, app.name),
        ipFamilyPolicy: 'SingleStack',
        ipFamilies: ['IPv4'],
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
        selector: selectorLabels(app),
        ports,
      },
    },
  ];
}

/** An address of the cluster's Services that a name decides. */
export function clusterIp(namespace: string, name: string): string {
  const number = pickBy(`${namespace}/${name}`, 65_000);
  return `10.96.${Math.floor(number / 254)}.${(number % 254) + 1}`;
}

function claims(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  if (app.storage === undefined) return [];
  const isStateful = app.kind === 'StatefulSet';
  const names = isStateful
    ? Array.from({ length: app.replicas ?? 1 }, (_item, index) => `data-${app.name}-${index}`)
    : [`${app.name}-data`];
  return names.map((name) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(app, namespace, name),
    spec: claimSpec(app.storage ?? ''),
    status: { phase: 'Bound' },
  }));
}

function budgets(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  if (!isCareful(app.care) || (app.replicas ?? 1) < 2 || app.kind === 'CronJob' || app.kind === 'DaemonSet')
    return [];
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadataOf(app, namespace),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: selectorLabels(app) },
      },
    },
  ];
}

function scaling(app: AppSpec, namespace: NamespaceSpec): JsonObject[] {
  if (app.scalesTo === undefined) return [];
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metadataOf(app, namespace),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: app.kind ?? 'Deployment', name: app.name },
        minReplicas: app.replicas ?? 1,
        maxReplicas: app.scalesTo,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
        ],
      },
    },
  ];
}
