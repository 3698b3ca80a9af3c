import type { Json, JsonObject } from '../json.ts';
import { arrayAt, get, isSameJson, objectAt, stringAt } from '../json.ts';
import { isOwnLabel } from '../security-content/own-fields.ts';

/**
 * What API servers write into fields that nobody wrote, by the name of the field: pkg/apis/core/v1/defaults.go,
 * pkg/apis/apps/v1/defaults.go and pkg/apis/batch/v1/defaults.go of Kubernetes, and the admission plug-ins that are on by
 * default. A name means the same wherever it stands in these kinds.
 */
const DEFAULTS: Readonly<Record<string, readonly Json[]>> = {
  apiVersion: ['v1'],
  backoffLimit: [6],
  cachingMode: ['ReadWrite'],
  completionMode: ['NonIndexed'],
  completions: [1],
  concurrencyPolicy: ['Allow'],
  defaultMode: [420],
  divisor: ['0'],
  dnsPolicy: ['ClusterFirst'],
  enableServiceLinks: [true],
  expirationSeconds: [3600],
  failedJobsHistoryLimit: [1],
  failureThreshold: [3],
  fsType: ['ext4', 'xfs'],
  imagePullPolicy: ['Always', 'IfNotPresent'],
  iscsiInterface: ['default'],
  keyring: ['/etc/ceph/keyring'],
  kind: ['PersistentVolumeClaim', 'Managed', 'Shared'],
  manualSelector: [false],
  maxSurge: ['25%', 0],
  maxUnavailable: ['25%', 1],
  parallelism: [1],
  partition: [0],
  periodSeconds: [10],
  phase: ['Pending'],
  podManagementPolicy: ['OrderedReady'],
  podReplacementPolicy: ['TerminatingOrFailed', 'Failed'],
  pool: ['rbd'],
  preemptionPolicy: ['PreemptLowerPriority'],
  priority: [0],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  pullPolicy: ['Always', 'IfNotPresent'],
  readOnly: [false],
  restartPolicy: ['Always', 'NotRequired'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  scheme: ['HTTP'],
  serviceAccount: ['default'],
  serviceAccountName: ['default'],
  storageMode: ['ThinProvisioned'],
  successThreshold: [1],
  successfulJobsHistoryLimit: [3],
  suspend: [false],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1],
  type: ['RollingUpdate'],
  user: ['admin'],
  volumeMode: ['Filesystem'],
  whenDeleted: ['Retain'],
  whenScaled: ['Retain'],
};

/** Fields that API servers leave out of what they store where they are false or 0 (`omitempty` on a plain value). */
const LEFT_OUT = new Set([
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'hostPort',
  'initialDelaySeconds',
  'minReadySeconds',
  'paused',
  'readOnly',
  'stdin',
  'stdinOnce',
  'tty',
]);

/** The volume of a pod's token, as `securityContent` calls it. */
const TOKEN_VOLUME = 'kube-api-access';

/** Where a field stands: the deployed objects around it, the root first. */
export type Around = readonly JsonObject[];

/** Whether a value says no more than that the field is absent. */
export function saysNothing(key: string, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (value === false || value === 0) return LEFT_OUT.has(key);
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Objects that API servers make of nothing but defaults; any other that nobody wrote is news, as a volume's source is. */
const MADE_OBJECTS = new Set([
  'labels',
  'matchLabels',
  'metadata',
  'persistentVolumeClaimRetentionPolicy',
  'requests',
  'rollingUpdate',
  'selector',
  'status',
  'strategy',
  'updateStrategy',
]);

/** Whether API servers make an object of defaults in a field. */
export function isMadeByServer(key: string): boolean {
  return MADE_OBJECTS.has(key);
}

/** Whether an API server writes a value into a field by itself. */
export function isServerDefault(key: string, value: Json | undefined, around: Around): boolean {
  if (saysNothing(key, value) || isOwnLabel(key)) return true;
  const accepted = Object.hasOwn(DEFAULTS, key) ? (DEFAULTS[key] ?? []) : [];
  return accepted.some((each) => isSameJson(each, value)) || followsFromOthers(key, value, around);
}

type Follows = (value: Json | undefined, around: Around) => boolean;

const isOfPod: Follows = (_value, [root]) => root?.['kind'] === 'Pod';
const isOfClass: Follows = (value, around) =>
  isOfPod(value, around) && stringAt(around.at(-1), 'priorityClassName') !== undefined;

/** What is set after other fields, which were written or are told of themselves. */
const FOLLOWING: Readonly<Record<string, Follows>> = {
  hostPort: (value, around) =>
    value === around.at(-1)?.['containerPort'] && around.some((each) => each['hostNetwork'] === true),
  // What admission gives a pod; in a template it would be somebody's.
  imagePullSecrets: isOfPod,
  matchLabels: (value, [root]) => isSameJson(value, objectAt(root, 'spec', 'template', 'metadata', 'labels')),
  nodeName: isOfPod,
  path: (value, around) => value === '/' && around.at(-2)?.['httpGet'] === around.at(-1),
  preemptionPolicy: isOfClass,
  priority: isOfClass,
  serviceAccount: (value, around) => value === around.at(-1)?.['serviceAccountName'],
};

/** A request is as much as the limit where only that was written. */
const isAsLimited = (key: string, value: Json | undefined, around: Around): boolean =>
  around.at(-2)?.['requests'] === around.at(-1) && isSameJson(value, get(around.at(-2), 'limits', key));

function followsFromOthers(key: string, value: Json | undefined, around: Around): boolean {
  const follows = Object.hasOwn(FOLLOWING, key) ? FOLLOWING[key] : undefined;
  return follows?.(value, around) ?? isAsLimited(key, value, around);
}

/** Whether an item of a list is the token that API servers mount into pods. */
export function isServerItem(list: string, item: Json): boolean {
  return (list === 'volumes' || list === 'volumeMounts') && get(item, 'name') === TOKEN_VOLUME;
}

/** Lists in which API servers put items where there were none. */
export function isServerList(list: string, items: readonly Json[]): boolean {
  return items.length > 0 && items.every((item) => isServerItem(list, item) || isResizeDefault(list, item));
}

function isResizeDefault(list: string, item: Json): boolean {
  return list === 'resizePolicy' && get(item, 'restartPolicy') === 'NotRequired';
}

/** Whether amounts stand below a key, of which API servers keep the shortest form: 1000m as 1. */
export function holdsQuantities(key: string): boolean {
  return /^(?:limits|requests|overhead|sizeLimit|divisor|capacity)$/.test(key);
}

/** The containers of a pod's specification, by which it is known wherever it stands. */
export function isPodSpec(object: JsonObject): boolean {
  return arrayAt(object, 'containers') !== undefined;
}
