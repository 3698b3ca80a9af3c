import type { JsonObject } from '@bulwark/core';
import { digestOf } from '../seeded/names.ts';
import type { AppSpec, NamespaceSpec } from './app-spec.ts';
import { isCareful, probesOf, resourcesOf, securityContexts } from './care.ts';
import { withTraits } from './traits.ts';

/** The registry of the company that the demo tells of. */
export const REGISTRY = 'registry.hearthside.example';

/** A reference as its author writes it: with a digest where they care. */
export function imageOf(image: string, tag: string, isPinned: boolean): string {
  const [host = ''] = image.split('/');
  const repository = host.includes('.') ? image : `${REGISTRY}/${image}`;
  return isPinned ? `${repository}:${tag}@sha256:${digestOf(repository, tag)}` : `${repository}:${tag}`;
}

/** The labels by which an application's pods are selected. */
export function selectorLabels({ name, care }: AppSpec): Readonly<Record<string, string>> {
  return care === 'careless' ? { app: name } : { 'app.kubernetes.io/name': name };
}

/** The labels of an application's objects. */
export function objectLabels(app: AppSpec, namespace: NamespaceSpec): Readonly<Record<string, string>> {
  const { care, labels, tag } = app;
  const own = selectorLabels(app);
  if (care === 'careless') return { ...own, ...labels };
  const managed = { 'app.kubernetes.io/managed-by': care === 'plain' ? 'Helm' : 'argocd' };
  const version = { 'app.kubernetes.io/version': tag };
  if (care === 'plain') return { ...own, ...version, ...managed, ...labels };
  const team = namespace.team === undefined ? {} : { team: namespace.team };
  return { ...own, ...version, ...managed, 'app.kubernetes.io/part-of': namespace.name, ...team, ...labels };
}

/** The service account that an application's pods run as. */
export function accountOf({ account, care, name, usesApi }: AppSpec): string {
  if (account !== undefined) return account;
  return care === 'careless' && usesApi !== true ? 'default' : name;
}

/** The pod template of an application, before the API server fills in its defaults. */
export function podTemplate(app: AppSpec, namespace: NamespaceSpec): JsonObject {
  const contexts = securityContexts(app);
  const volumes = volumesOf(app);
  const container = mainContainer(app, contexts.container, volumes);
  const spec = {
    serviceAccountName: accountOf(app),
    ...(isCareful(app.care) && { automountServiceAccountToken: app.usesApi === true }),
    ...(contexts.pod !== undefined && { securityContext: contexts.pod }),
    ...(app.pool !== undefined && app.pool !== 'general' && poolOf(app.pool)),
    ...spreadOf(app),
    ...(volumes.length > 0 && { volumes: volumes.map(({ volume }) => volume) }),
  };
  const pod = withTraits({ spec, container }, app.traits ?? []);
  const others = (app.sidecars ?? []).map((text) => sidecarOf(text, app, contexts.container));
  const inits = others.filter(({ isInit }) => isInit).map((other) => other.container);
  const beside = others.filter(({ isInit }) => !isInit).map((other) => other.container);
  return {
    metadata: { labels: podLabels(app, namespace), ...podAnnotations(app) },
    spec: {
      ...pod.spec,
      ...(inits.length > 0 && { initContainers: inits }),
      containers: [pod.container, ...beside],
    },
  };
}

function podLabels(app: AppSpec, namespace: NamespaceSpec): JsonObject {
  const { 'app.kubernetes.io/managed-by': _tool, ...labels } = objectLabels(app, namespace);
  return labels;
}

function podAnnotations({ metrics, care }: AppSpec): JsonObject {
  if (metrics === undefined) return {};
  const scrape = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(metrics) };
  return { annotations: care === 'careless' ? { 'prometheus.io/scrape': 'true' } : scrape };
}

function mainContainer(
  app: AppSpec,
  context: JsonObject | undefined,
  volumes: readonly Mounted[],
): JsonObject {
  const { name, image, tag, care, args, port, metrics } = app;
  const ports = [
    ...(port === undefined
      ? []
      : [{ name: app.kind === 'StatefulSet' ? 'data' : 'http', containerPort: port }]),
    ...(metrics === undefined || metrics === port ? [] : [{ name: 'metrics', containerPort: metrics }]),
  ];
  const resources = resourcesOf(app);
  const mounts = [
    ...volumes.map(({ mount }) => mount),
    ...(app.kind === 'StatefulSet' && app.storage !== undefined
      ? [{ name: 'data', mountPath: '/var/lib/data' }]
      : []),
  ];
  const env = envOf(app);
  return {
    name,
    image: imageOf(image, tag, care === 'hardened'),
    ...(args !== undefined && { args }),
    ...(ports.length > 0 && { ports }),
    ...(isCareful(care) && { envFrom: [{ configMapRef: { name: `${name}-config` } }] }),
    ...(env.length > 0 && { env }),
    ...(resources !== undefined && { resources }),
    ...probesOf(app),
    ...(context !== undefined && { securityContext: context }),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

function envOf({ env = [], secrets = [] }: AppSpec): JsonObject[] {
  const plain = env.map((text) => {
    const [name, value] = halves(text, '=');
    return { name, value };
  });
  const secret = secrets.map((text) => {
    const [name, reference] = halves(text, '=');
    const [secretName, key] = halves(reference, '/');
    return { name, valueFrom: { secretKeyRef: { name: secretName, key } } };
  });
  return [...plain, ...secret];
}

/** What stands before and after the first sign. */
export function halves(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

interface Mounted {
  readonly volume: JsonObject;
  readonly mount: JsonObject;
}

function volumesOf({ name, care, kind, storage, secretFiles = [], traits = [] }: AppSpec): Mounted[] {
  const volumes: Mounted[] = secretFiles.map((secretName) => ({
    volume: { name: secretName, secret: { secretName } },
    mount: { name: secretName, mountPath: `/etc/secrets/${secretName}`, readOnly: true },
  }));
  if (care === 'hardened' && !traits.includes('privileged'))
    volumes.push({
      volume: { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      mount: { name: 'tmp', mountPath: '/tmp' },
    });
  if (storage !== undefined && kind !== 'StatefulSet')
    volumes.push({
      volume: { name: 'data', persistentVolumeClaim: { claimName: `${name}-data` } },
      mount: { name: 'data', mountPath: '/var/lib/data' },
    });
  return volumes;
}

function poolOf(pool: string): JsonObject {
  return {
    nodeSelector: { 'hearthside.example/pool': pool },
    tolerations: [{ key: 'hearthside.example/pool', operator: 'Equal', value: pool, effect: 'NoSchedule' }],
  };
}

function spreadOf(app: AppSpec): JsonObject {
  if (app.care !== 'hardened' || (app.replicas ?? 1) < 2) return {};
  return {
    priorityClassName: 'business-critical',
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorLabels(app) },
      },
    ],
  };
}

/** `init:name=image:tag` or `name=image:tag`. */
function sidecarOf(
  text: string,
  app: AppSpec,
  context: JsonObject | undefined,
): { isInit: boolean; container: JsonObject } {
  const isInit = text.startsWith('init:');
  const [name, reference] = halves(isInit ? text.slice('init:'.length) : text, '=');
  const colon = reference.lastIndexOf(':');
  const image = imageOf(reference.slice(0, colon), reference.slice(colon + 1), app.care === 'hardened');
  const resources = resourcesOf({ ...app, size: [20, 32] });
  return {
    isInit,
    container: {
      name,
      image,
      ...(resources !== undefined && { resources }),
      ...(context !== undefined && { securityContext: context }),
    },
  };
}
