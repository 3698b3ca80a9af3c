import type { JsonObject } from '@bulwark/core';
import { withDefaults } from '../live/defaults.ts';
import type { AppSpec, NamespaceSpec } from './app-spec.ts';
import { isCareful } from './care.ts';
import { objectLabels, podTemplate, selectorLabels } from './pod-template.ts';

/** The object that makes an application's pods: a Deployment, StatefulSet, DaemonSet or CronJob, or a Pod by itself. */
export function controllerOf(app: AppSpec, namespace: NamespaceSpec): JsonObject {
  const kind = app.kind ?? 'Deployment';
  const metadata = {
    name: app.name,
    namespace: namespace.name,
    labels: objectLabels(app, namespace),
    ...annotationsOf(app, namespace),
  };
  const template = withDefaults(podTemplate(app, namespace), kind === 'CronJob' ? 'Never' : 'Always');
  return CONTROLLERS[kind]({ app, metadata, template });
}

interface Parts {
  readonly app: AppSpec;
  readonly metadata: JsonObject;
  readonly template: JsonObject;
}

const CONTROLLERS: Readonly<Record<NonNullable<AppSpec['kind']>, (parts: Parts) => JsonObject>> = {
  Deployment: ({ app, metadata, template }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: app.replicas ?? 1,
      selector: { matchLabels: selectorLabels(app) },
      strategy: strategyOf(app),
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 600,
      template,
    },
  }),
  StatefulSet: ({ app, metadata, template }) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      replicas: app.replicas ?? 1,
      serviceName: app.name,
      selector: { matchLabels: selectorLabels(app) },
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      template,
      ...(app.storage !== undefined && { volumeClaimTemplates: [claimTemplate(app.storage)] }),
    },
  }),
  DaemonSet: ({ app, metadata, template }) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: {
      selector: { matchLabels: selectorLabels(app) },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      template,
    },
  }),
  CronJob: ({ app, metadata, template }) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {
      schedule: app.schedule ?? '0 3 * * *',
      concurrencyPolicy: isCareful(app.care) ? 'Forbid' : 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: { ...(isCareful(app.care) && { backoffLimit: 2, ttlSecondsAfterFinished: 86_400 }), template },
      },
    },
  }),
  Pod: ({ metadata, template }) => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec: template['spec'] }),
};

function strategyOf({ storage }: AppSpec): JsonObject {
  return storage === undefined
    ? { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }
    : { type: 'Recreate' };
}

function claimTemplate(storage: string): JsonObject {
  return { metadata: { name: 'data' }, spec: claimSpec(storage) };
}

/** What a PersistentVolumeClaim of the demo asks for. */
export function claimSpec(storage: string): JsonObject {
  return {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage } },
    storageClassName: 'fast-encrypted',
    volumeMode: 'Filesystem',
  };
}

function annotationsOf(
  { care, name, annotations, kind }: AppSpec,
  { name: namespace }: NamespaceSpec,
): JsonObject {
  const tool: JsonObject = isCareful(care)
    ? { 'argocd.argoproj.io/tracking-id': `${namespace}:apps/${kind ?? 'Deployment'}:${namespace}/${name}` }
    : care === 'plain'
      ? { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace }
      : {};
  const all = { ...tool, ...annotations };
  return Object.keys(all).length === 0 ? {} : { annotations: all };
}
