import {
  arrayAt,
  type GroupKind,
  get,
  isObject,
  type Json,
  objectAt,
  type Path,
  type Resource,
} from '@bulwark/core';
import { isPartial } from './replica-count.ts';

/** A claim for storage. */
export const VOLUME_CLAIM: GroupKind = 'PersistentVolumeClaim';

/** The kinds that are claims or make them. */
export const CLAIMING_KINDS: readonly GroupKind[] = [VOLUME_CLAIM, 'apps/StatefulSet'];

/** A claim's `spec`, wherever it stands. */
export interface Claim {
  readonly spec: Json | undefined;
  /** Path of `spec` from the object's root. */
  readonly path: Path;
}

/** The claims that an object is or makes. */
export function claimsOf({ groupKind, object }: Resource): readonly Claim[] {
  if (groupKind === VOLUME_CLAIM) return [{ spec: get(object, 'spec'), path: ['spec'] }];
  const templates = arrayAt(object, 'spec', 'volumeClaimTemplates') ?? [];
  return templates.map((template, index) => ({
    spec: get(template, 'spec'),
    path: ['spec', 'volumeClaimTemplates', index, 'spec'],
  }));
}

/** Who may mount the volume of a claim. */
export function accessModesOf(spec: Json | undefined): readonly Json[] {
  return arrayAt(spec, 'accessModes') ?? [];
}

/** Why the claims of an object are not judged. */
export function whyNoClaims(resource: Resource): string | undefined {
  if (resource.groupKind !== VOLUME_CLAIM) {
    if (claimsOf(resource).length === 0) return 'It makes no claims.';
    return isPartial(resource) ? 'Its containers have no images, so it is a part of a manifest.' : undefined;
  }
  // A patch mostly sets the size alone.
  const spec = objectAt(resource.object, 'spec');
  return isObject(spec) && Object.keys(spec).length > 1
    ? undefined
    : 'It is a part of a manifest, such as a patch.';
}
