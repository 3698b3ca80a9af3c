import type { GroupKind } from '../group-kind.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { keptAnnotations } from './split-metadata.ts';

const TEMPLATES: ReadonlyMap<GroupKind, readonly string[]> = new Map([
  ['PodTemplate', ['template']],
  ['ReplicationController', ['spec', 'template']],
  ['apps/DaemonSet', ['spec', 'template']],
  ['apps/Deployment', ['spec', 'template']],
  ['apps/ReplicaSet', ['spec', 'template']],
  ['apps/StatefulSet', ['spec', 'template']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['batch/Job', ['spec', 'template']],
]);
const REPORTS = /(?:^|\.)(?:wgpolicyk8s\.io|openreports\.io)\/(?:Cluster)?(?:PolicyReport|Report)$/;

/** An object's fields, without metadata and status, less what tells nothing about security. */
export function keptFields(fields: JsonObject, kind: GroupKind): JsonObject {
  const template = TEMPLATES.get(kind);
  if (template !== undefined) return changedAt(fields, [...template, 'metadata'], templateMetadata);
  if (kind === 'PersistentVolume')
    return changedAt(fields, ['spec', 'claimRef'], without('resourceVersion', 'uid'));
  if (kind === 'apiextensions.k8s.io/CustomResourceDefinition')
    return changedAt(fields, ['spec', 'versions'], eachItem(without('schema', 'additionalPrinterColumns')));
  if (REPORTS.test(kind)) return changedAt(fields, ['results'], eachItem(without('timestamp')));
  return fields;
}

type Change = (value: Json) => Json | undefined;

/** A copy in which the value at a path, if there is one, is changed; undefined takes it away. */
function changedAt(object: JsonObject, path: readonly string[], change: Change): JsonObject {
  const [first = '', ...rest] = path;
  const value = Object.hasOwn(object, first) ? object[first] : undefined;
  if (value === undefined) return object;
  if (rest.length > 0)
    return isObject(value) ? { ...object, [first]: changedAt(value, rest, change) } : object;
  const { [first]: _old, ...others } = object;
  const changed = change(value);
  return changed === undefined ? others : { ...others, [first]: changed };
}

/** The API server writes `creationTimestamp: null` into every template. */
function templateMetadata(metadata: Json): Json | undefined {
  if (!isObject(metadata)) return metadata;
  const { creationTimestamp: _none, annotations, ...kept } = metadata;
  const notes = keptAnnotations(annotations);
  const whole = notes === undefined ? kept : { ...kept, annotations: notes };
  return Object.keys(whole).length === 0 ? undefined : whole;
}

function without(...fields: readonly string[]): Change {
  return (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !fields.includes(key)))
      : value;
}

function eachItem(change: (value: Json) => Json | undefined): Change {
  return (value) => (Array.isArray(value) ? value.map((item) => change(item) ?? null) : value);
}
