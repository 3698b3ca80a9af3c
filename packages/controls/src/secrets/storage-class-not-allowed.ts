import {
  arrayAt,
  defineControl,
  flagParam,
  get,
  type Json,
  kinds,
  type ObjectView,
  type Path,
  textsParam,
} from '@bulwark/core';
import { isListed, PATTERN_RULE } from './name-patterns.ts';

const LEGACY = 'volume.beta.kubernetes.io/storage-class';

/** The specs of the claims that an object is or makes. */
function claims({ resource }: ObjectView): readonly Path[] {
  if (resource.groupKind === 'PersistentVolumeClaim') return [[]];
  return (arrayAt(resource.object, 'spec', 'volumeClaimTemplates') ?? []).map((_claim, index) => [
    'spec',
    'volumeClaimTemplates',
    index,
  ]);
}

function classOf(claim: Json | undefined): Json | undefined {
  return get(claim, 'metadata', 'annotations', LEGACY) ?? get(claim, 'spec', 'storageClassName');
}

export const storageClassNotAllowed = defineControl({
  id: 'storage-class-not-allowed',
  aliases: ['kyverno:require-storageclass'],
  title: 'Claims must use a storage class that is allowed',
  problem: 'claim storage of a class that is not allowed',
  message: '{resource} claims storage of {what}, which is not allowed.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'The class decides whether data is encrypted, backed up, kept after the claim and where it lies. A team that has decided this allows only the classes that follow.',
  remediation: 'Set storageClassName to a class that is allowed.',
  references: ['https://kubernetes.io/docs/concepts/storage/storage-classes/'],
  attack: [],
  params: {
    allowed: textsParam(`The storage classes that claims may use. ${PATTERN_RULE}`),
    allowDefault: flagParam("Whether a claim may name no class and take the cluster's default.", {
      default: false,
    }),
  },
  appliesTo: kinds('PersistentVolumeClaim', 'apps/StatefulSet'),
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const { allowed, allowDefault } = view.params;
    for (const place of claims(view)) {
      const name = classOf(get(view.resource.object, ...place));
      // The empty name asks for a volume that somebody made, of no class.
      if (name === '') continue;
      const path = [...place, 'spec', 'storageClassName'];
      if (typeof name !== 'string') {
        if (!allowDefault) yield view.at(path, { what: 'the default class' });
      } else if (!isListed(name, allowed)) yield view.at(path, { what: `class ${name}` });
    }
  },
});
