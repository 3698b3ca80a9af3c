import { defineControl, everything, isObject, type Json, type Path } from '@bulwark/core';

/** JavaScript moves such keys before all others, so the order in which they were written is lost. */
const INDEX = /^\d+$/;

export const sortedKeys = defineControl({
  id: 'sorted-keys',
  aliases: ['kube-linter:sorted-keys'],
  title: 'Keys of manifests must be in alphabetical order',
  problem: 'have keys out of alphabetical order',
  message: 'In {resource}, the key {key} stands after {before}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Some teams keep the keys of their manifests in order, so that a review of a change shows nothing but what has changed.',
  remediation: 'Put the keys of each mapping in alphabetical order.',
  references: ['https://yaml.org/spec/1.2.2/'],
  attack: [],
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    resource.origin.kind === 'cluster' ? 'The API server decides the order of keys.' : undefined,
  *evaluate({ resource, at }) {
    for (const { path, key, before } of unsorted(resource.object, [])) yield at(path, { key, before });
  },
});

interface Misplaced {
  readonly path: Path;
  readonly key: string;
  readonly before: string;
}

/** The first key out of order in each mapping. */
function* unsorted(value: Json | undefined, path: Path): Generator<Misplaced> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* unsorted(item, [...path, index]);
  if (!isObject(value)) return;
  const keys = Object.keys(value).filter((key) => !INDEX.test(key));
  const at = keys.findIndex((key, index) => key < (keys[index - 1] ?? ''));
  const [before, key] = at < 0 ? [] : keys.slice(at - 1, at + 1);
  if (before !== undefined && key !== undefined) yield { path: [...path, key], key, before };
  for (const [name, item] of Object.entries(value)) yield* unsorted(item, [...path, name]);
}
