import { arrayAt, type JsonObject, type Path, stringAt, type Workload } from '@bulwark/core';

/** A Secret that a pod names, with the path of its name from the object's root. */
export interface SecretReference {
  readonly path: Path;
  readonly name: string;
}

const IN_VOLUME: readonly Path[] = [
  ['secret', 'secretName'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
];

/** Every Secret that a pod template names: in variables, volumes and for pulling images. */
export function* secretReferences({ spec, specPath, containers }: Workload): Generator<SecretReference> {
  for (const container of containers) {
    yield* listed(container.spec, container.path, ['env', ['valueFrom', 'secretKeyRef', 'name']]);
    yield* listed(container.spec, container.path, ['envFrom', ['secretRef', 'name']]);
  }
  for (const place of IN_VOLUME) yield* listed(spec, specPath, ['volumes', place]);
  for (const index of (arrayAt(spec, 'volumes') ?? []).keys())
    yield* listed(spec, specPath, [
      ['volumes', index, 'projected', 'sources'],
      ['secret', 'name'],
    ]);
  yield* listed(spec, specPath, ['imagePullSecrets', ['name']]);
}

function* listed(
  from: JsonObject,
  base: Path,
  [list, below]: readonly [list: string | Path, below: Path],
): Generator<SecretReference> {
  const place: Path = typeof list === 'string' ? [list] : list;
  for (const [index, item] of (arrayAt(from, ...place) ?? []).entries()) {
    const name = stringAt(item, ...below);
    if (name !== undefined) yield { path: [...base, ...place, index, ...below], name };
  }
}
