import {
  defineControl,
  everything,
  type Json,
  objectAt,
  originOfAnnotation,
  type Path,
  type Resource,
  valueAt,
} from '@bulwark/core';
import { DOUBTFUL, formatsOf, secretsIn } from './found-secrets.ts';
import { textSecrets } from './named-texts.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Annotations whose values are fingerprints or names of secrets, never secrets. */
const ABOUT_SECRETS =
  /checksum|hash|sha\d|digest|revision|version|generation|reloader|replicator|reflector|rollme|-secret(?:-name|-namespace|-key)?s?$|[/.]secret$/i;

/** The secrets in an annotation that kubectl wrote, without those that the object itself still has at the same place. */
function* lastApplied(text: string, resource: Resource, doubtful: boolean): Generator<readonly string[]> {
  const isSecret = resource.groupKind === 'Secret';
  for (const { path, text: secret, formats } of textSecrets(parsed(text), doubtful)) {
    // The values of a Secret in its own annotation are another control's.
    if (isSecret && /^(?:data|stringData)$/.test(String(path[0]))) continue;
    if (valueAt(resource.object, path) !== secret) yield formats;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Whatever it is, kubectl did not write it.
    return undefined;
  }
}

/** The forms of the secrets in an annotation. */
function formatsAt(
  [key, value]: readonly [string, string],
  resource: Resource,
  doubtful: boolean,
): readonly string[] {
  if (key === LAST_APPLIED) return [...new Set([...lastApplied(value, resource, doubtful)].flat())];
  const isAbout = ABOUT_SECRETS.test(key) || originOfAnnotation(key) !== undefined;
  const name = isAbout ? undefined : key.slice(key.lastIndexOf('/') + 1);
  return formatsOf(secretsIn(name, value, doubtful));
}

export const secretInAnnotation = defineControl({
  id: 'secret-in-annotation',
  aliases: [],
  title: 'Annotations must not hold secrets',
  problem: 'have secrets in plain text in their annotations',
  message: 'Annotation {annotation} of {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Annotations can be read by everyone who may list the objects, are copied into metrics and logs by controllers, and are never encrypted at rest. What kubectl wrote into last-applied-configuration stays there after the field itself was changed by other means.',
  remediation:
    'Consider the secret known and replace it. Refer to a Secret by its name instead; controllers that take a credential in an annotation mostly have a field or annotation for that. Where the annotation is last-applied-configuration, remove it, and apply with --server-side from then on.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/'],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  *evaluate({ resource, params, at }) {
    const templates = resource.workloads.map(({ path }): Path => [...path, 'metadata', 'annotations']);
    const places: readonly Path[] = [
      ['metadata', 'annotations'],
      ...templates.filter(({ length }) => length > 2),
    ];
    for (const place of places)
      for (const [annotation, value] of Object.entries(objectAt(resource.object, ...place) ?? {})) {
        if (typeof value !== 'string') continue;
        const formats = formatsAt([annotation, value], resource, params.doubtful);
        if (formats.length > 0) yield at([...place, annotation], { annotation, formats });
      }
  },
});
