import { effectiveResources, limitRangeDefaults } from '@bulwark/analyses';
import {
  arrayAt,
  type Container,
  formatPath,
  get,
  type InheritedSetting,
  isObject,
  type Json,
  objectAt,
  type Path,
  type Resource,
  type Setting,
  settingOf,
  stringAt,
  type Workload,
  type WorldView,
} from '@bulwark/core';
import { listed } from './words.ts';

/** A setting as it holds once the container runs, and where it comes from. */
export interface ContainerSetting {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

/** A container where it stands. */
interface Place {
  readonly resource: Resource;
  readonly workload: Workload;
  readonly container: Container;
}

const DEFAULT = 'the default of Kubernetes';

/** What matters to security of a container's settings, effective values first of all. */
export function containerSettings(place: Place, world: WorldView): readonly ContainerSetting[] {
  return [
    user(place),
    inherited(place, 'runAsGroup', {
      value: "the image's group",
      from: 'the image: nothing else sets it',
    }),
    inherited(place, 'runAsNonRoot', { value: 'false', from: DEFAULT }),
    own(place, 'privileged', 'false'),
    escalation(place),
    own(place, 'readOnlyRootFilesystem', 'false'),
    capabilities(place),
    seccomp(place),
    appArmor(place),
    ...optional(place),
    ...amounts(place, world),
  ];
}

function written({ resource }: Place, path: Path): string {
  return formatPath(resource.object, path);
}

function isSet(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

function text(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function inherited(
  place: Place,
  name: InheritedSetting,
  unset: Pick<ContainerSetting, 'value' | 'from'>,
  print: (value: Json) => string = text,
): ContainerSetting {
  const setting: Setting = settingOf(place.workload, place.container, name);
  if (!isSet(setting.value)) return { name, ...unset };
  return { name, value: print(setting.value), from: written(place, setting.path) };
}

function own(place: Place, name: string, standard: string): ContainerSetting {
  const value = get(place.container.spec, 'securityContext', name);
  if (!isSet(value)) return { name, value: standard, from: DEFAULT };
  return {
    name,
    value: text(value),
    from: written(place, [...place.container.path, 'securityContext', name]),
  };
}

function user(place: Place): ContainerSetting {
  const unset = { value: "the image's user", from: 'the image: nothing else sets it' };
  return inherited(place, 'runAsUser', unset, (value) => (value === 0 ? '0 (root)' : text(value)));
}

/** A privileged container, and one with SYS_ADMIN, may always gain privileges (core/v1 SecurityContext). */
function escalation(place: Place): ContainerSetting {
  const { spec } = place.container;
  const name = 'allowPrivilegeEscalation';
  if (get(spec, 'securityContext', 'privileged') === true)
    return { name, value: 'true', from: 'privileged: a privileged container may always' };
  if (capabilityNames(spec, 'add').some((each) => each === 'SYS_ADMIN' || each === 'ALL'))
    return { name, value: 'true', from: 'capabilities: a container with SYS_ADMIN may always' };
  return own(place, name, 'true');
}

/** The names of the capabilities that a container adds or drops, without their prefix. */
export function capabilityNames(spec: Container['spec'], list: 'add' | 'drop'): readonly string[] {
  return (arrayAt(spec, 'securityContext', 'capabilities', list) ?? [])
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/^CAP_/i, '').toUpperCase());
}

function capabilities(place: Place): ContainerSetting {
  const { spec, path } = place.container;
  const name = 'capabilities';
  if (get(spec, 'securityContext', 'privileged') === true)
    return { name, value: 'all', from: 'privileged: a privileged container has all' };
  const dropped = capabilityNames(spec, 'drop');
  const added = capabilityNames(spec, 'add');
  if (dropped.length + added.length === 0) return { name, value: "the runtime's default set", from: DEFAULT };
  const base = dropped.includes('ALL')
    ? 'none'
    : dropped.length === 0
      ? "the runtime's default set"
      : `the runtime's default set without ${listed(dropped)}`;
  const value = added.length === 0 ? base : base === 'none' ? listed(added) : `${base}, and ${listed(added)}`;
  return { name, value, from: written(place, [...path, 'securityContext', name]) };
}

function profile(value: Json): string {
  const type = stringAt(value, 'type') ?? text(value);
  return type === 'Localhost' ? `Localhost ${stringAt(value, 'localhostProfile') ?? ''}` : type;
}

function seccomp(place: Place): ContainerSetting {
  if (get(place.container.spec, 'securityContext', 'privileged') === true)
    return { name: 'seccompProfile', value: 'Unconfined', from: 'privileged: seccomp does not hold' };
  const unset = { value: 'Unconfined', from: `${DEFAULT}, unless the kubelet sets seccompDefault` };
  return inherited(place, 'seccompProfile', unset, profile);
}

/** Until Kubernetes 1.30 an annotation for each container set it; the API server still reads it. */
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

function appArmor(place: Place): ContainerSetting {
  const key = APPARMOR_ANNOTATION + place.container.name;
  const annotation = stringAt(place.workload.metadata, 'annotations', key);
  const setting = settingOf(place.workload, place.container, 'appArmorProfile');
  if (annotation !== undefined && setting.source !== 'container')
    return {
      name: 'appArmorProfile',
      value: annotation,
      from: written(place, [...place.workload.path, 'metadata', 'annotations', key]),
    };
  const isPrivileged = get(place.container.spec, 'securityContext', 'privileged') === true;
  const unset = isPrivileged
    ? { value: 'Unconfined', from: 'privileged: runtimes give such a container no profile' }
    : { value: 'RuntimeDefault', from: `${DEFAULT}, on nodes that have AppArmor` };
  return inherited(place, 'appArmorProfile', unset, profile);
}

/** Settings that are worth a line only where somebody sets them. */
function optional(place: Place): readonly ContainerSetting[] {
  const linux = settingOf(place.workload, place.container, 'seLinuxOptions');
  const mask = get(place.container.spec, 'securityContext', 'procMount');
  return [
    ...(isObject(linux.value) ? [inherited(place, 'seLinuxOptions', { value: '', from: '' })] : []),
    ...(isSet(mask) ? [own(place, 'procMount', 'Default')] : []),
  ];
}

const AMOUNTS = ['cpu', 'memory'] as const;

function amounts(place: Place, world: WorldView): readonly ContainerSetting[] {
  const { container, resource } = place;
  const effective = effectiveResources(container, world.get(limitRangeDefaults).of(resource.namespace));
  return (['requests', 'limits'] as const).flatMap((field) =>
    AMOUNTS.map((amount): ContainerSetting => {
      const name = `${field}.${amount}`;
      const source = effective[field].get(amount)?.source;
      const path = [...container.path, 'resources', source === 'limit' ? 'limits' : field, amount];
      const value = get(place.resource.object, ...path);
      if (source === undefined) return { name, ...podAmount(place, field, amount) };
      if (source !== 'limit-range' && isSet(value))
        return {
          name,
          value: text(value),
          from: `${written(place, path)}${source === 'limit' ? ', as no request is set' : ''}`,
        };
      return { name, ...rangeAmount(place, world, field, amount) };
    }),
  );
}

/** From Kubernetes 1.34 on a pod can have amounts that its containers share. */
function podAmount(place: Place, field: string, amount: string): Pick<ContainerSetting, 'value' | 'from'> {
  const value = objectAt(place.workload.spec, 'resources', field)?.[amount];
  if (!isSet(value)) return { value: 'none', from: 'nothing sets it' };
  const path = [...place.workload.specPath, 'resources', field, amount];
  return { value: `${text(value)}, shared by the pod`, from: written(place, path) };
}

function rangeAmount(
  { resource }: Place,
  world: WorldView,
  field: 'requests' | 'limits',
  amount: string,
): Pick<ContainerSetting, 'value' | 'from'> {
  const fields = field === 'limits' ? ['default', 'max'] : ['defaultRequest', 'default', 'max', 'min'];
  const ranges = world
    .inNamespace('LimitRange', resource.namespace)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const range of ranges)
    for (const item of arrayAt(range.object, 'spec', 'limits') ?? [])
      for (const each of fields) {
        const value = get(item, 'type') === 'Container' ? get(item, each, amount) : undefined;
        if (isSet(value)) return { value: text(value), from: `LimitRange ${range.name}` };
      }
  return { value: 'none', from: 'nothing sets it' };
}
