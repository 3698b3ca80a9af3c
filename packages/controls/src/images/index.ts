import { argoDefaultProject } from './argo-default-project.ts';
import { gatekeeperAmbiguousPrefix } from './gatekeeper-ambiguous-prefix.ts';
import { gitopsSourceInsecure } from './gitops-source-insecure.ts';
import { gitopsSourceUnverified } from './gitops-source-unverified.ts';
import { imageNameTyposquat } from './image-name-typosquat.ts';
import { imageNotPinnedDigest } from './image-not-pinned-digest.ts';
import { imagePullPolicy } from './image-pull-policy.ts';
import { imagePullSecretMissing } from './image-pull-secret-missing.ts';
import { imageReferenceInvalid } from './image-reference-invalid.ts';
import { imageRegistryDenied } from './image-registry-denied.ts';
import { imageRegistryDeprecated } from './image-registry-deprecated.ts';
import { imageRegistryNotAllowed } from './image-registry-not-allowed.ts';
import { imageTagLatest } from './image-tag-latest.ts';

/** The controls of this domain, by id. */
export const IMAGES_CONTROLS = [
  argoDefaultProject,
  gatekeeperAmbiguousPrefix,
  gitopsSourceInsecure,
  gitopsSourceUnverified,
  imageNameTyposquat,
  imageNotPinnedDigest,
  imagePullPolicy,
  imagePullSecretMissing,
  imageReferenceInvalid,
  imageRegistryDenied,
  imageRegistryDeprecated,
  imageRegistryNotAllowed,
  imageTagLatest,
] as const;
