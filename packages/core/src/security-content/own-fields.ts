import type { GroupKind } from '../group-kind.ts';
import { moveToInstance, type Parts } from './parts.ts';

/** Labels that controllers give each object, or each revision of a template, with a value of its own. */
const OWN_LABELS = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'kubernetes.io/hostname',
  'kubernetes.io/metadata.name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** Whether a label's value is each object's own. */
export function isOwnLabel(key: string): boolean {
  return OWN_LABELS.has(key);
}

/** Annotations that say that a pod mirrors a file on its node: which, is each pod's own. */
const OWN_ANNOTATIONS = new Set(['kubernetes.io/config.hash', 'kubernetes.io/config.mirror']);

/** Whether an annotation's value is each object's own. */
export function isOwnAnnotation(key: string): boolean {
  return OWN_ANNOTATIONS.has(key);
}

interface OwnFields {
  readonly path: readonly string[];
  readonly isOwn: (key: string) => boolean;
}

function fields(path: readonly string[], ...names: readonly string[]): OwnFields {
  return { path, isOwn: (key) => names.includes(key) };
}

/** The labels of one Job, or of one revision, in the template that it makes pods of, and in the selector that finds them. */
const LABELLED_TEMPLATE: readonly OwnFields[] = [
  { path: ['spec', 'template', 'metadata', 'labels'], isOwn: isOwnLabel },
  { path: ['spec', 'selector', 'matchLabels'], isOwn: isOwnLabel },
];

const OWN: ReadonlyMap<GroupKind, readonly OwnFields[]> = new Map([
  ['Node', [fields(['spec'], 'podCIDR', 'podCIDRs', 'providerID'), fields(['status'], 'addresses')]],
  ['Pod', [fields(['spec'], 'nodeName', 'hostname'), fields([], 'status')]],
  ['apps/ReplicaSet', LABELLED_TEMPLATE],
  ['batch/Job', LABELLED_TEMPLATE],
]);

/** Moves what is each object's own, besides its metadata, from the body to the instance. */
export function splitOwnFields(parts: Parts, kind: GroupKind): Parts {
  return (OWN.get(kind) ?? []).reduce((moved, { path, isOwn }) => moveToInstance(moved, path, isOwn), parts);
}
