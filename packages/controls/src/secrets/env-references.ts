import { arrayAt, type ContainerView, get, type Json, type Path } from '@bulwark/core';

/** A ConfigMap or Secret that a container takes variables from. */
export interface EnvReference {
  readonly path: Path;
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Missing where all keys are taken. */
  readonly key?: string;
}

const IN_ENV = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
] as const;
const IN_ENV_FROM = [
  ['configMapRef', 'ConfigMap'],
  ['secretRef', 'Secret'],
] as const;

/** The ConfigMaps and Secrets without which a container does not start; optional ones are left out. */
export function* envReferences({ container }: ContainerView): Generator<EnvReference> {
  for (const [index, entry] of (arrayAt(container.spec, 'env') ?? []).entries())
    for (const [field, kind] of IN_ENV) {
      const ref = get(entry, 'valueFrom', field);
      const [name, key] = [get(ref, 'name'), get(ref, 'key')];
      if (typeof name === 'string' && typeof key === 'string' && isRequired(ref))
        yield { path: ['env', index, 'valueFrom', field], kind, name, key };
    }
  for (const [index, entry] of (arrayAt(container.spec, 'envFrom') ?? []).entries())
    for (const [field, kind] of IN_ENV_FROM) {
      const ref = get(entry, field);
      const name = get(ref, 'name');
      if (typeof name === 'string' && isRequired(ref)) yield { path: ['envFrom', index, field], kind, name };
    }
}

function isRequired(ref: Json | undefined): boolean {
  return get(ref, 'optional') !== true;
}
