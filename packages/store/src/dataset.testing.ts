import { hash128, type Severity } from '@bulwark/core';
import type { Actor, FindingRow, ResourceRow } from './write/rows.ts';

/** How large a made-up cluster is. */
export interface Size {
  readonly namespaces: number;
  readonly workloads: number;
  readonly podsEach: number;
  readonly findingsEach: number;
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const SHARES = [0.01, 0.12, 0.35, 0.4, 0.12];
const CONTROLS = Array.from(
  { length: 120 },
  (_each, index) => `${index % 3 ? 'pod' : 'image'}-rule-${index}`,
);
const ENVIRONMENTS = ['production', 'staging', 'test', undefined];
const CRITICALITIES = ['crown-jewel', 'standard', undefined, undefined, 'non-critical'];
const WORDS = ['api', 'cart', 'ledger', 'search', 'mail', 'queue', 'auth', 'report', 'stock', 'gateway'];

export const NOBODY: Actor = {
  user: null,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers: ['kubectl-client-side-apply'],
};

function pick<T>(list: readonly T[], index: number): T {
  const found = list[((index % list.length) + list.length) % list.length];
  if (found === undefined && list.length === 0) throw new Error('nothing to pick from');
  return found as T;
}

/** A number from 0 to 1 that follows from its arguments. */
function chance(...parts: readonly number[]): number {
  return Number.parseInt(hash128(parts.join('|')).slice(0, 8), 16) / 0xffffffff;
}

function severityAt(share: number): Severity {
  let sum = 0;
  for (const [index, each] of SHARES.entries()) {
    sum += each;
    if (share < sum) return pick(SEVERITIES, index);
  }
  return 'info';
}

function placeOf(workload: number, size: Size) {
  const number = workload % size.namespaces;
  return {
    namespace: `team-${String(number % 40).padStart(2, '0')}-${pick(WORDS, number)}-${number}`,
    name: `${pick(WORDS, workload)}-${workload}`,
    team: number % 10 === 0 ? undefined : `team-${number % 40}`,
    environment: pick(ENVIRONMENTS, number),
    criticality: pick(CRITICALITIES, number),
  };
}

/** The body of a workload's template; another version is another body. */
function templateOf(name: string, workload: number, version: number) {
  const container = (index: number) => ({
    name: `c${index}`,
    image: `registry.example.com/${name}/c${index}:1.${version}.${workload % 17}`,
    args: ['--listen=0.0.0.0:8080', `--name=${name}`],
    env: Array.from({ length: 6 }, (_each, env) => ({
      name: `SETTING_${env}`,
      value: `value-${workload}-${env}`,
    })),
    ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    securityContext: { allowPrivilegeEscalation: workload % 3 === 0, runAsNonRoot: workload % 2 === 0 },
    volumeMounts: [{ mountPath: '/var/run/secrets/app', name: 'config', readOnly: true }],
  });
  return {
    metadata: { labels: { app: name, 'app.kubernetes.io/part-of': `part-${workload % 50}` } },
    spec: {
      containers: [container(0), container(1)],
      serviceAccountName: name,
      volumes: [{ name: 'config', configMap: { name: `${name}-config` } }],
    },
  };
}

/** A workload and its pods, in a version. */
export function workloadRows(workload: number, size: Size, version = 0): ResourceRow[] {
  const { namespace, name, ...place } = placeOf(workload, size);
  const template = templateOf(name, workload, version);
  const labels = { app: name, 'app.kubernetes.io/part-of': `part-${workload % 50}` };
  const common = {
    namespace,
    ...place,
    labels,
    serviceAccount: name,
    images: template.spec.containers.map(({ image }) => image),
    ownerKind: 'apps/Deployment',
    ownerName: name,
    actor: NOBODY,
  };
  const deployment = row({
    ...common,
    kind: 'apps/Deployment',
    apiVersion: 'apps/v1',
    name,
    uid: uidOf(name),
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels },
      spec: { replicas: 3, template },
    },
    instance: { metadata: { name, namespace, uid: uidOf(name), creationTimestamp: '2026-11-01T00:00:00Z' } },
    isWorkload: true,
  });
  const pods = Array.from({ length: size.podsEach }, (_each, index) =>
    podRow(workload, size, `${index}`, version),
  );
  return [deployment, ...pods];
}

function uidOf(name: string): string {
  const hex = hash128(name);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A pod of a workload's template; `suffix` tells it from its siblings. */
export function podRow(workload: number, size: Size, suffix: string, version = 0): ResourceRow {
  const { namespace, name, ...place } = placeOf(workload, size);
  const template = templateOf(name, workload, version);
  const hash = hash128(`${name}${version}`).slice(0, 9);
  const pod = `${name}-${hash}-${hash128(suffix).slice(0, 5)}`;
  const uid = uidOf(`${pod}${suffix}`);
  const address = `10.${workload % 250}.${suffix.length}.${Math.floor(chance(workload, suffix.length) * 250)}`;
  return row({
    namespace,
    ...place,
    name: pod,
    labels: { ...template.metadata.labels, 'pod-template-hash': hash },
    serviceAccount: name,
    images: template.spec.containers.map(({ image }) => image),
    ownerKind: 'apps/Deployment',
    ownerName: name,
    actor: { ...NOBODY, managers: ['kube-controller-manager'] },
    kind: 'Pod',
    apiVersion: 'v1',
    uid,
    body: { apiVersion: 'v1', kind: 'Pod', metadata: template.metadata, spec: template.spec },
    instance: {
      metadata: {
        name: pod,
        namespace,
        uid,
        creationTimestamp: '2026-11-01T00:00:00Z',
        labels: { 'pod-template-hash': hash },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: `${name}-${hash}`,
            uid: uidOf(`${name}-${hash}`),
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { nodeName: `worker-${workload % 120}` },
      status: {
        phase: 'Running',
        podIP: address,
        podIPs: [{ ip: address }],
        hostIP: `192.168.1.${workload % 120}`,
        containerStatuses: ['c0', 'c1'].map((container) => ({
          name: container,
          imageID: `registry.example.com/${name}/${container}@sha256:${hash128(name)}${hash128(container)}`,
        })),
      },
    },
    isWorkload: false,
  });
}

function row(fields: Omit<ResourceRow, 'digest' | 'bodyHash'>): ResourceRow {
  const bodyHash = hash128(JSON.stringify(fields.body));
  return { ...fields, bodyHash, digest: hash128(JSON.stringify([bodyHash, fields.instance, fields.team])) };
}

/** Namespaces as objects. */
export function namespaceRows(size: Size): ResourceRow[] {
  return Array.from({ length: size.namespaces }, (_each, number) => {
    const { namespace: name, ...place } = placeOf(number, size);
    return row({
      ...place,
      kind: 'Namespace',
      apiVersion: 'v1',
      namespace: '',
      name,
      uid: uidOf(name),
      ownerKind: 'Namespace',
      ownerName: name,
      labels: { 'kubernetes.io/metadata.name': name },
      images: [],
      serviceAccount: '',
      body: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { labels: { 'pod-security.kubernetes.io/warn': 'baseline' } },
      },
      instance: { metadata: { name, uid: uidOf(name) } },
      isWorkload: false,
      actor: NOBODY,
    });
  });
}

/** The findings of a workload. */
export function findingRows(workload: number, size: Size): FindingRow[] {
  const { namespace, name, ...place } = placeOf(workload, size);
  return Array.from({ length: size.findingsEach }, (_each, index) => {
    const control = pick(CONTROLS, Math.floor(chance(workload, index) ** 2 * CONTROLS.length));
    const container = index % 3 === 0 ? undefined : `c${index % 2}`;
    const severity = severityAt(chance(CONTROLS.indexOf(control)));
    const path = `spec.template.spec.containers[${container ?? 'c0'}].field${index}`;
    const fields = {
      control,
      severity,
      kind: 'apps/Deployment',
      apiVersion: 'apps/v1',
      namespace,
      name,
      container,
      path,
      message: `Container ${container ?? ''} of Deployment/${name} sets field ${index} to a value (${workload % 97}) that gives it more rights than it needs.`,
      fixable: CONTROLS.indexOf(control) % 3 === 0,
      exception:
        chance(workload, index, 7) < 0.03
          ? { id: 1, reason: 'accepted', owner: null, until: null, origin: 'hub' }
          : undefined,
      requested: undefined,
      ...place,
    };
    const fingerprint = hash128(`${control}|${namespace}|${name}|${path}`);
    return { ...fields, fingerprint, digest: hash128(JSON.stringify(fields)) };
  });
}
