import { hash128, namespaceOf, type QueryRecord, type RecordValue } from '@bulwark/core';
import { NOBODY } from '../dataset.testing.ts';
import type { FindingRow, ResourceRow } from '../write/rows.ts';

export const NOW = new Date('2026-11-26T12:00:00Z');
export const DAY = 86_400_000;
export const FRAMEWORKS = new Map([
  ['pss-baseline', ['host-pid', 'privileged']],
  ['CIS 1.9', ['privileged']],
]);
/** Texts that mean something to LIKE, to regular expressions or to SQL, or of which locales make other small letters. */
export const NAMES = [
  'api',
  'API-2',
  'a%b',
  'a_b',
  'a\\b',
  "o'brien",
  'ledger.v2',
  'x',
  'ci-runner',
  'shop/api',
  'a*b',
  '(É)',
];
const NAMESPACES = ['shop', 'payments', 'x', ''];
const TEAMS = ['Équipe', 'Payments', undefined];
const CRITICALITIES = ['crown-jewel', 'standard', 'non-critical', undefined];
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

export function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

export function ago(days: number): Date {
  return new Date(NOW.getTime() - days * DAY);
}

/** Objects of a kind, each first seen a day after the one before. */
function objectsOf(kind: string, bodyOf: (name: string) => object): ResourceRow[] {
  return NAMES.map((name, index) => {
    const namespace = kind === 'Namespace' ? '' : at(NAMESPACES, index);
    const body = bodyOf(name) as ResourceRow['body'];
    const bodyHash = hash128(JSON.stringify(body));
    return {
      kind,
      namespace,
      name,
      apiVersion: 'v1',
      uid: hash128(`${kind}${name}`),
      ownerKind: kind,
      ownerName: name,
      bodyHash,
      digest: hash128(`${kind}${name}${bodyHash}`),
      body,
      instance: {},
      labels: index % 3 === 0 ? {} : { app: name, Tier: at(['web', 'DB'], index) },
      isWorkload: kind === 'apps/Deployment',
      images: index % 4 === 0 ? [] : [`example.com/${name}:1`, 'Proxy:2'],
      serviceAccount: at(['default', 'robot'], index),
      team: at(TEAMS, index),
      environment: at(['production', 'test', undefined], index),
      criticality: at(CRITICALITIES, index),
      actor: {
        ...NOBODY,
        user: at(['ann', 'ci/runner', null], index),
        managers: index % 4 === 0 ? [] : ['helm', 'Kubectl'],
        groups: index % 3 === 0 ? ['system:masters', 'dev%'] : [],
        impersonatedBy: index === 3 ? 'Root' : null,
        address: at(['192.0.2.7', '2001:db8::7', null], index),
        userAgent: at(['kubectl/v1.34.0 (linux/amd64)', null], index),
      },
    };
  });
}

export const DEPLOYMENTS = objectsOf('apps/Deployment', (name) => ({ spec: { name } }));
export const NAMESPACE_OBJECTS = objectsOf('Namespace', () => ({ kind: 'Namespace' }));
export const PODS = DEPLOYMENTS.flatMap((owner, index): ResourceRow[] =>
  Array.from({ length: index % 3 }, (_each, pod) => ({
    ...owner,
    kind: 'Pod',
    name: `${owner.name}-pod-${pod}`,
    uid: hash128(`${owner.name}${pod}`),
    digest: hash128(`${owner.name}${pod}`),
    isWorkload: false,
    instance: pod === 0 ? { spec: { nodeName: at(['worker-1', 'Worker-2'], index) } } : {},
  })),
);

/** Some are about Namespaces, each of which lies in itself. */
const judgedAt = (index: number): ResourceRow =>
  at([5, 7].includes(index % NAMES.length) ? NAMESPACE_OBJECTS : DEPLOYMENTS, index);

export const FINDINGS = Array.from({ length: 60 }, (_each, index): FindingRow => {
  const { kind, name, namespace, team, environment, criticality } = judgedAt(index);
  const control = at(['host-pid', 'privileged', 'image-latest'], Math.floor(index / 12));
  const row = {
    control,
    severity: at(SEVERITIES, Math.floor(index / 12)),
    kind,
    apiVersion: kind === 'Namespace' ? 'v1' : 'apps/v1',
    namespace,
    name,
    container: at([undefined, 'app', 'Side_car'], index),
    path: at(['spec.hostPID', 'spec.template.spec.containers[app].image'], index),
    message: `${bare(kind)}/${name} does 100% of what "${control}" forbids, number ${index}`,
    fixable: index % 2 === 0,
    exception:
      index % 7 === 0 ? { id: 1, reason: 'fine', owner: null, until: null, origin: 'hub' } : undefined,
    requested:
      index % 7 === 3 ? { id: 2, reason: 'asked', owner: null, until: null, origin: 'hub' } : undefined,
    team,
    environment,
    criticality,
  };
  return { ...row, fingerprint: hash128(`finding ${index}`), digest: hash128(`digest ${index}`) };
});
export const isResolved = (index: number): boolean => index % 5 === 4;
/** What is resolved is so for twenty days. */
const isResolvedAt = (index: number, at: Date): boolean => isResolved(index) && at >= ago(20);
export const triageOf = (index: number) => ({
  assignee: at(['ann', null, 'Bob'], index),
  acknowledged: index % 2 === 1,
  deferredUntil: index % 4 === 1 ? ago(-index) : null,
});
/** Messages, and which findings each told of. */
export const MESSAGES = [
  { id: '0e2c5d6a-1111-4222-8333-9a0b1c2d3e4f', tells: (index: number) => index % 4 === 0 },
  { id: '7f00aa11-aaaa-4bbb-8ccc-000000000001', tells: (index: number) => index % 6 === 0 },
] as const;
export const hasTriage = (index: number): boolean => index % 3 === 0;
export const triagedAt = (index: number): Date => ago(index % 9 === 3 ? 10 : 25);

/** A query's record: its values by field, and the texts that are searched. */
export interface Model {
  readonly key: string;
  readonly record: QueryRecord;
  readonly values: Readonly<Record<string, RecordValue>>;
}

export function model(
  key: string,
  values: Readonly<Record<string, RecordValue>>,
  texts: readonly (string | undefined)[],
): Model {
  return {
    key,
    values,
    record: { value: (field) => values[field], texts: texts.filter((text) => text !== undefined) },
  };
}

function bare(kind: string): string {
  return kind.slice(kind.lastIndexOf('/') + 1);
}

/** A moment before anything was resolved. */
export const BEFORE = ago(21);

function numberOf({ exception, requested }: FindingRow): number | undefined {
  return (exception ?? requested)?.id ?? undefined;
}

export function findingModel(row: FindingRow, index: number, asOf = NOW): Model {
  const { control, name, container, path, message } = row;
  const namespace = namespaceOf(row);
  const notes = hasTriage(index) && triagedAt(index) <= asOf ? triageOf(index) : undefined;
  const firstSeen = ago(28 - Math.floor(index / 12)).getTime();
  return model(
    row.fingerprint,
    {
      severity: row.severity,
      control,
      cluster: 'prod',
      namespace: namespace === '' ? undefined : namespace,
      kind: row.kind,
      name,
      container,
      owner: row.team,
      environment: row.environment,
      criticality: row.criticality,
      fixable: row.fixable,
      state: isResolvedAt(index, asOf) ? 'resolved' : row.exception === undefined ? 'open' : 'excepted',
      assignee: notes?.assignee ?? undefined,
      acknowledged: notes?.acknowledged ?? false,
      'deferred-until': notes?.deferredUntil?.getTime(),
      framework: [...FRAMEWORKS]
        .filter(([, controls]) => controls.includes(control))
        .map(([framework]) => framework),
      'first-seen': firstSeen,
      age: NOW.getTime() - firstSeen,
      path,
      fingerprint: row.fingerprint,
      exception: numberOf(row),
      notification: MESSAGES.filter(({ tells }) => tells(index)).map(({ id }) => id),
    },
    [message, path, control, namespace, name, container],
  );
}

function openOf(row: ResourceRow, asOf: Date): FindingRow[] {
  return FINDINGS.filter(
    (finding, index) =>
      !isResolvedAt(index, asOf) &&
      finding.exception === undefined &&
      finding.kind === row.kind &&
      finding.name === row.name,
  );
}

export function objectModel(row: ResourceRow, asOf = NOW): Model {
  const { namespace, name, kind, labels, images } = row;
  const index = NAMES.indexOf(row.ownerName);
  const firstSeen = ago(40 - index).getTime();
  const open = openOf(row, asOf);
  const pods = PODS.filter(({ ownerName }) => ownerName === name);
  const nodes = pods.flatMap(({ instance }) => {
    const { nodeName } = (instance['spec'] ?? {}) as { nodeName?: string };
    return nodeName === undefined ? [] : [nodeName];
  });
  return model(
    `${kind}|${namespace}|${name}`,
    {
      cluster: 'prod',
      namespace: namespace === '' ? undefined : namespace,
      kind,
      group: kind.includes('/') ? kind.slice(0, kind.indexOf('/')) : undefined,
      name,
      owner: row.team,
      environment: row.environment,
      criticality: row.criticality,
      image: images,
      label: Object.entries(labels).map(([key, value]) => `${key}=${value}`),
      severity: SEVERITIES.find((severity) => open.some((finding) => finding.severity === severity)),
      findings: open.length,
      pods: pods.length,
      node: nodes,
      'service-account': row.serviceAccount,
      'first-seen': firstSeen,
      age: NOW.getTime() - firstSeen,
    },
    [namespace, name, kind],
  );
}
