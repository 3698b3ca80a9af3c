import { type Container, type ContainerType, toContainer, type Workload } from './container.ts';
import { type GroupKind, groupOf, isBuiltInGroup } from './group-kind.ts';
import { get, isObject, type Json, type JsonObject } from './json.ts';
import { type Path, valueAt } from './path.ts';
import { tektonWorkloads } from './tekton.ts';

/** Settings that a container inherits from its pod's `securityContext` when it does not set them itself. */
export type InheritedSetting =
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'runAsGroup'
  | 'seLinuxOptions'
  | 'seccompProfile'
  | 'appArmorProfile';

/** A setting after inheritance, and where it comes from. */
export interface Setting {
  readonly value: Json | undefined;
  readonly source: 'container' | 'pod' | 'unset';
  /** Path of the value from the object's root; where it is unset, where the container would set it. */
  readonly path: Path;
}

const TEMPLATE_PATHS = new Map<GroupKind, Path>([
  ['Pod', []],
  ['PodTemplate', ['template']],
  ['ReplicationController', ['spec', 'template']],
  ['apps/Deployment', ['spec', 'template']],
  ['apps/ReplicaSet', ['spec', 'template']],
  ['apps/StatefulSet', ['spec', 'template']],
  ['apps/DaemonSet', ['spec', 'template']],
  ['extensions/Deployment', ['spec', 'template']],
  ['extensions/ReplicaSet', ['spec', 'template']],
  ['extensions/DaemonSet', ['spec', 'template']],
  ['batch/Job', ['spec', 'template']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['batch/JobTemplate', ['template', 'spec', 'template']],
]);

/** The field of an object that makes pods without a template in which these are, one of each content: see `withSeenPods`. */
export const SEEN_IN_PODS = 'seenInPods';

/** Groups whose objects hold patterns that only look like pod templates. */
const PATTERNS = /(^|\.)(kyverno\.io|gatekeeper\.sh)$/;

/**
 * The pod templates of an object: by path for built-in kinds, by shape for custom resources (an object whose `spec`
 * has a list of `containers` with an image), Tekton's steps as containers. What is seen in pods alone is found under
 * `SEEN_IN_PODS`.
 */
export function workloadsOf(object: JsonObject, groupKind: GroupKind): readonly Workload[] {
  const path = TEMPLATE_PATHS.get(groupKind);
  if (path !== undefined) {
    const template = valueAt(object, path);
    return [isObject(template) ? toWorkload(template, path) : withoutTemplate(path)];
  }
  const group = groupOf(groupKind);
  if (isBuiltInGroup(group)) return NONE;
  const isTekton = group === 'tekton.dev';
  const found: Workload[] = isTekton ? [...tektonWorkloads(object)] : [];
  if (isTekton || PATTERNS.test(group)) search(object[SEEN_IN_PODS], [SEEN_IN_PODS], found);
  else search(object, [], found);
  return found;
}

const NONE: readonly Workload[] = [];

function search(value: Json | undefined, path: Path, found: Workload[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (typeof item === 'object') search(item, [...path, index], found);
    return;
  }
  if (!isObject(value)) return;
  if (isPodSpec(value['spec'])) {
    found.push(toWorkload(value, path));
    return;
  }
  for (const [key, item] of Object.entries(value))
    if (typeof item === 'object' && item !== null) search(item, [...path, key], found);
}

function isPodSpec(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  const containers = value['containers'];
  return (
    Array.isArray(containers) &&
    containers.length > 0 &&
    containers.every(
      (item) => typeof get(item, 'image') === 'string' || typeof get(item, 'name') === 'string',
    ) &&
    // An operator may fill in the image of some containers.
    containers.some((item) => typeof get(item, 'image') === 'string')
  );
}

/** A kind that must have a pod template and has none. */
function withoutTemplate(path: Path): Workload {
  const malformed = [path];
  return { path, metadata: EMPTY, spec: EMPTY, specPath: [...path, 'spec'], containers: [], malformed };
}

const EMPTY: JsonObject = {};

function toWorkload(template: JsonObject, path: Path): Workload {
  const malformed: Path[] = [];
  const specPath = [...path, 'spec'];
  const spec = isObject(template['spec']) ? template['spec'] : EMPTY;
  if (spec === EMPTY) malformed.push(specPath);
  const metadata = isObject(template['metadata']) ? template['metadata'] : EMPTY;
  const containers = CONTAINER_LISTS.flatMap(([field, type]) => {
    const listed = containersOf(spec[field], type, [...specPath, field]);
    malformed.push(...listed.malformed);
    return listed.containers;
  });
  if (!isAbsentOrObject(spec['securityContext'])) malformed.push([...specPath, 'securityContext']);
  return { path, metadata, spec, specPath, containers, malformed };
}

const CONTAINER_LISTS = [
  ['initContainers', 'init'],
  ['containers', 'regular'],
  ['ephemeralContainers', 'ephemeral'],
] as const;

type Listed = Pick<Workload, 'containers' | 'malformed'>;

const NOTHING_LISTED: Listed = { containers: [], malformed: [] };

function containersOf(list: Json | undefined, type: ContainerType, path: Path): Listed {
  if (list === undefined || list === null) return NOTHING_LISTED;
  if (!Array.isArray(list)) return { containers: [], malformed: [path] };
  const containers: Container[] = [];
  const malformed: Path[] = [];
  for (const [index, item] of list.entries()) {
    if (isObject(item) && isAbsentOrObject(item['securityContext']))
      containers.push(toContainer(item, type, [...path, index]));
    else malformed.push([...path, index]);
  }
  return { containers, malformed };
}

function isAbsentOrObject(value: Json | undefined): boolean {
  return value === undefined || value === null || isObject(value);
}

/** A container's setting after inheritance from its pod, as the kubelet resolves it: the container's own value wins. */
export function settingOf(workload: Workload, container: Container, name: InheritedSetting): Setting {
  const own = container.spec['securityContext'];
  if (isObject(own) && own[name] !== undefined && own[name] !== null)
    return { value: own[name], source: 'container', path: [...container.path, 'securityContext', name] };
  const pod = workload.spec['securityContext'];
  if (isObject(pod) && pod[name] !== undefined && pod[name] !== null)
    return { value: pod[name], source: 'pod', path: [...workload.specPath, 'securityContext', name] };
  return { value: undefined, source: 'unset', path: [...container.path, 'securityContext', name] };
}
