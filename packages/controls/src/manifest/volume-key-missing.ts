import { generatedSecrets } from '@bulwark/analyses';
import { defineControl, objectAt, type Resource, type WorkloadView, workloads } from '@bulwark/core';
import { type VolumeReference, volumeReferences } from './volume-references.ts';

const DATA_FIELDS = ['data', 'binaryData', 'stringData'];

export const volumeKeyMissing = defineControl({
  id: 'volume-key-missing',
  aliases: [],
  title: 'Keys that volumes turn into files must exist in their ConfigMap or Secret',
  problem: 'turn keys that do not exist into files',
  message: 'A volume of {resource} asks for the key {key}, which {kind} {name} does not have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A pod waits without end for a volume that names a key which its ConfigMap or Secret lacks. During an update the old pods go on; after an eviction or on a new node none comes up.',
  remediation:
    'Correct the key, add it to the object, or set optional: true if the program can do without. Where the object in view is a patch, and the whole one is put together elsewhere, nothing has to change.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: ['ConfigMap', 'Secret', generatedSecrets],
  *evaluate(view) {
    for (const reference of volumeReferences(view.spec)) {
      const present = presentKeys(view, reference);
      if (present === undefined) continue;
      const { path, kind, name, keys } = reference;
      for (const [index, key] of keys.entries())
        if (!present.has(key)) yield view.at([...path, 'items', index, 'key'], { kind, name, key });
    }
  },
});

/** The keys of the object; undefined where it is not there, has none yet, or a controller adds to it. */
function presentKeys(
  { world, resource }: WorkloadView,
  { kind, name, keys }: VolumeReference,
): ReadonlySet<string> | undefined {
  if (kind === 'PersistentVolumeClaim' || keys.length === 0) return undefined;
  const found = world.find(kind, resource.namespace, name);
  if (found === undefined) return undefined;
  if (kind === 'Secret' && world.get(generatedSecrets).has(resource.namespace, name)) return undefined;
  const present = keysOf(found);
  return present.size > 0 ? present : undefined;
}

function keysOf({ object }: Resource): ReadonlySet<string> {
  return new Set(DATA_FIELDS.flatMap((field) => Object.keys(objectAt(object, field) ?? {})));
}
