import { arrayAt, get, type Json, type Path, stringAt } from '@bulwark/core';

/** An object that a volume is made of. */
export interface VolumeReference {
  /** Path of the source from the pod's `spec`. */
  readonly path: Path;
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  /** The field of the source that holds the name. */
  readonly field: string;
  readonly name: string;
  /** The keys that become files; empty where all do. */
  readonly keys: readonly string[];
}

const IN_VOLUME = [
  ['configMap', 'ConfigMap', 'name'],
  ['secret', 'Secret', 'secretName'],
  ['persistentVolumeClaim', 'PersistentVolumeClaim', 'claimName'],
] as const;
const IN_PROJECTED = [
  ['configMap', 'ConfigMap', 'name'],
  ['secret', 'Secret', 'name'],
] as const;

type Sources = typeof IN_VOLUME | typeof IN_PROJECTED;

/** The objects without which a pod's volumes cannot be set up; optional ones are left out. */
export function* volumeReferences(spec: unknown): Generator<VolumeReference> {
  for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
    yield* sourcesIn(volume, ['volumes', index], IN_VOLUME);
    for (const [at, source] of (arrayAt(volume, 'projected', 'sources') ?? []).entries())
      yield* sourcesIn(source, ['volumes', index, 'projected', 'sources', at], IN_PROJECTED);
  }
}

function* sourcesIn(holder: Json, path: Path, sources: Sources): Generator<VolumeReference> {
  for (const [source, kind, field] of sources) {
    const written = get(holder, source);
    const name = stringAt(written, field);
    if (name === undefined || name === '' || get(written, 'optional') === true) continue;
    const keys = (arrayAt(written, 'items') ?? []).map((item) => stringAt(item, 'key') ?? '');
    yield { path: [...path, source], kind, field, name, keys };
  }
}
