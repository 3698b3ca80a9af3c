import {
  arrayAt,
  type Container,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  type Resource,
  stringAt,
  type Workload,
} from '@bulwark/core';

/** A Secret that an object names. */
export interface SecretUse {
  /** Undefined for the namespace of the object. */
  readonly namespace?: string;
  readonly name: string;
  /** How it is used: `variable PASSWORD of container app`. */
  readonly via: string;
  /** Only images are pulled with it. */
  readonly isForImages?: true;
}

/** The kinds, besides those with pod templates, whose references to Secrets are understood. */
export const SECRET_USERS = [
  'ServiceAccount',
  'PersistentVolume',
  'networking.k8s.io/Ingress',
  'extensions/Ingress',
  'gateway.networking.k8s.io/Gateway',
] as const;

/** Every Secret that an object names. */
export function secretUses({ object, kind, workloads }: Resource): readonly SecretUse[] {
  const ofPods = workloads.flatMap((workload) => [...podUses(workload)]);
  switch (kind) {
    case 'ServiceAccount':
      return [...accountUses(object)];
    case 'PersistentVolume':
      return [...persistentVolumeUses(object)];
    case 'Ingress':
      return [...ingressUses(object)];
    case 'Gateway':
      return [...gatewayUses(object)];
    default:
      return ofPods;
  }
}

function* podUses(workload: Workload): Generator<SecretUse> {
  for (const container of workload.containers) yield* containerUses(container);
  for (const volume of arrayAt(workload.spec, 'volumes') ?? [])
    for (const name of namesInVolume(volume))
      yield { name, via: volumeText(workload, stringAt(volume, 'name') ?? '') };
  for (const name of names(workload.spec, 'imagePullSecrets'))
    yield { name, via: 'pulling images', isForImages: true };
}

function* containerUses({ spec, name: container }: Container): Generator<SecretUse> {
  for (const entry of arrayAt(spec, 'env') ?? []) {
    const name = stringAt(entry, 'valueFrom', 'secretKeyRef', 'name');
    if (name === undefined) continue;
    const key = stringAt(entry, 'valueFrom', 'secretKeyRef', 'key') ?? '';
    yield { name, via: `variable ${stringAt(entry, 'name') ?? ''} of container ${container}, key ${key}` };
  }
  for (const entry of arrayAt(spec, 'envFrom') ?? []) {
    const name = stringAt(entry, 'secretRef', 'name');
    if (name !== undefined) yield { name, via: `every key as a variable of container ${container}` };
  }
}

/** Where each type of volume names a Secret (core/v1 Volume). */
const IN_VOLUME: readonly (readonly string[])[] = [
  ['secret', 'secretName'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
];

function* namesInVolume(volume: Json): Generator<string> {
  for (const path of IN_VOLUME) {
    const name = stringAt(volume, ...path);
    if (name !== undefined) yield name;
  }
  for (const source of arrayAt(volume, 'projected', 'sources') ?? []) {
    const name = stringAt(source, 'secret', 'name');
    if (name !== undefined) yield name;
  }
}

function volumeText({ containers }: Workload, volume: string): string {
  const mounts = mountsOf(containers, volume).map(({ container, path }) => `${container} at ${path}`);
  return mounts.length === 0 ? `volume ${volume}` : `volume ${volume}, mounted in ${mounts.join(', ')}`;
}

/** Where containers mount a volume, or have it as a raw device. */
export function mountsOf(
  containers: readonly Container[],
  volume: string,
): readonly { readonly container: string; readonly path: string; readonly isReadOnly: boolean }[] {
  const isOfVolume = (mount: Json): boolean => stringAt(mount, 'name') === volume;
  return containers.flatMap(({ name: container, spec }) => [
    ...(arrayAt(spec, 'volumeMounts') ?? []).filter(isOfVolume).map((mount) => ({
      container,
      path: stringAt(mount, 'mountPath') ?? '',
      isReadOnly: isObject(mount) && mount['readOnly'] === true,
    })),
    ...(arrayAt(spec, 'volumeDevices') ?? []).filter(isOfVolume).map((device) => ({
      container,
      path: stringAt(device, 'devicePath') ?? '',
      isReadOnly: false,
    })),
  ]);
}

function names(from: JsonObject, list: string): readonly string[] {
  return (arrayAt(from, list) ?? []).flatMap((item) => stringAt(item, 'name') ?? []);
}

function* accountUses(account: JsonObject): Generator<SecretUse> {
  for (const name of names(account, 'imagePullSecrets'))
    yield { name, via: 'pulling images', isForImages: true };
  for (const name of names(account, 'secrets')) yield { name, via: 'a secret of the service account' };
}

function* persistentVolumeUses(volume: JsonObject): Generator<SecretUse> {
  const spec = objectAt(volume, 'spec');
  for (const source of Object.values(spec ?? {}).filter(isObject))
    for (const [field, reference] of Object.entries(source)) {
      const name = /secretref$/i.test(field) ? stringAt(reference, 'name') : undefined;
      const namespace = stringAt(reference, 'namespace') ?? stringAt(spec, 'claimRef', 'namespace');
      if (name !== undefined) yield { name, via: field, ...(namespace !== undefined && { namespace }) };
    }
}

function* ingressUses(ingress: JsonObject): Generator<SecretUse> {
  for (const entry of arrayAt(ingress, 'spec', 'tls') ?? []) {
    const name = stringAt(entry, 'secretName');
    const hosts = (arrayAt(entry, 'hosts') ?? []).filter((host) => typeof host === 'string');
    if (name !== undefined) yield { name, via: hosts.length === 0 ? 'TLS' : `TLS of ${hosts.join(', ')}` };
  }
}

function* gatewayUses(gateway: JsonObject): Generator<SecretUse> {
  for (const listener of arrayAt(gateway, 'spec', 'listeners') ?? [])
    for (const reference of arrayAt(listener, 'tls', 'certificateRefs') ?? []) {
      const name = stringAt(reference, 'name');
      const namespace = stringAt(reference, 'namespace');
      if (name === undefined || (stringAt(reference, 'kind') ?? 'Secret') !== 'Secret') continue;
      const via = `TLS of listener ${stringAt(listener, 'name') ?? ''}`;
      yield { name, via, ...(namespace !== undefined && { namespace }) };
    }
}
