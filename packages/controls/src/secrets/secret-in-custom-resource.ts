import {
  defineControl,
  everything,
  isBuiltInGroup,
  isObject,
  type Json,
  type Path,
  type Resource,
} from '@bulwark/core';
import { DOUBTFUL } from './found-secrets.ts';
import { HELM_KINDS, valuePlaces } from './helm-values.ts';
import { textSecrets } from './named-texts.ts';
import { encryptedWithSops } from './sops.ts';

/** Kinds whose texts are rules or encrypted, so that what looks like a secret is none. */
const WITHOUT_SECRETS =
  /^(?:(?:[a-z.]*\.)?kyverno\.io|(?:[a-z.]+\.)?gatekeeper\.sh|bitnami\.com|isindir\.github\.com)\//;

/** Why an object is not judged. */
function whyNot({ group, groupKind, object }: Resource): string | undefined {
  if (isBuiltInGroup(group)) return 'It is no custom resource.';
  if (WITHOUT_SECRETS.test(groupKind)) return 'What it holds are rules, or encrypted.';
  return encryptedWithSops(object);
}

/** Pod templates and values of charts, which other controls judge. */
function othersPlaces(resource: Resource): readonly Path[] {
  const templates = resource.workloads.map(({ path }) => path);
  return HELM_KINDS.includes(resource.groupKind) ? [...templates, ...valuePlaces(resource)] : templates;
}

function isInside(path: Path, places: readonly Path[]): boolean {
  return places.some((place) => place.every((part, index) => path[index] === part));
}

/** All fields but those that another control judges, or that no person writes. */
function fieldsOf(object: Json): readonly [string, Json | undefined][] {
  return isObject(object)
    ? Object.entries(object).filter(([field]) => field !== 'metadata' && field !== 'status')
    : [];
}

export const secretInCustomResource = defineControl({
  id: 'secret-in-custom-resource',
  aliases: [],
  title: 'Custom resources must not hold secrets in plain text',
  problem: 'hold secrets in plain text in fields of their own',
  message: 'Field {field} of {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Custom resources are readable to far more people and programs than Secrets, are stored without the encryption that a cluster may have for Secrets, and their manifests lie in repositories.',
  remediation:
    'Consider the secret known and replace it. Refer to a Secret instead: nearly every operator has a field for that, mostly with Ref or From at the end of its name.',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => whyNot(resource),
  *evaluate({ resource, params, at }) {
    const others = othersPlaces(resource);
    for (const [field, value] of fieldsOf(resource.object))
      for (const { path, formats } of textSecrets(value, params.doubtful)) {
        const place = [field, ...path];
        if (!isInside(place, others)) yield at(place, { field: fieldName(place), formats });
      }
  },
});

/** A path without the indexes of its lists. */
function fieldName(path: Path): string {
  return path.filter((part) => typeof part === 'string').join('.');
}
