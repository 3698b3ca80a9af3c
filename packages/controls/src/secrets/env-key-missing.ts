import { generatedSecrets } from '@bulwark/analyses';
import { type ContainerView, containers, defineControl, objectAt, type Resource } from '@bulwark/core';
import { envReferences } from './env-references.ts';

function keysOf({ object }: Resource): ReadonlySet<string> {
  return new Set(
    ['data', 'binaryData', 'stringData'].flatMap((field) => Object.keys(objectAt(object, field) ?? {})),
  );
}

/** Whether an object that is there lacks a key. One without any, or that a controller adds to, is not judged. */
function lacksKey(
  { world, resource }: ContainerView,
  kind: string,
  [name, key]: readonly [string, string],
): boolean {
  const { namespace } = resource;
  const found = world.find(kind, namespace, name);
  if (found === undefined) return false;
  if (kind === 'Secret' && world.get(generatedSecrets).has(namespace, name)) return false;
  const keys = keysOf(found);
  return keys.size > 0 && !keys.has(key);
}

export const envKeyMissing = defineControl({
  id: 'env-key-missing',
  aliases: [],
  title: 'Keys that variables come from must exist in their ConfigMap or Secret',
  problem: 'take variables from keys that do not exist',
  message:
    'Container {container} of {resource} takes a variable from {key}, which {kind} {name} does not have.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The kubelet does not start a container whose variable refers to a key that is missing. During an update the old pods go on; after an eviction or on a new node none comes up.',
  remediation:
    'Correct the key, add it to the object, or set optional: true if the program can do without. Where the object in view is a patch, and the whole one is put together elsewhere, nothing has to change.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/'],
  attack: [],
  appliesTo: containers,
  looks: 'world',
  reads: ['ConfigMap', 'Secret', generatedSecrets],
  *evaluate(view) {
    for (const { path, kind, name, key } of envReferences(view))
      if (key !== undefined && lacksKey(view, kind, [name, key])) yield view.at(path, { kind, name, key });
  },
});
