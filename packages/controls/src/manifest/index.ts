import { annotationInvalid } from './annotation-invalid.ts';
import { apiDeprecated } from './api-deprecated.ts';
import { envDuplicate } from './env-duplicate.ts';
import { envReferenceOrder } from './env-reference-order.ts';
import { labelInvalid } from './label-invalid.ts';
import { monitorDangling } from './monitor-dangling.ts';
import { recommendedLabelsMissing } from './recommended-labels-missing.ts';
import { seccompAnnotationIgnored } from './seccomp-annotation-ignored.ts';
import { selectorMismatch } from './selector-mismatch.ts';
import { sortedKeys } from './sorted-keys.ts';
import { volumeKeyMissing } from './volume-key-missing.ts';
import { volumeMountDangling } from './volume-mount-dangling.ts';
import { volumeSourceMissing } from './volume-source-missing.ts';

/** The controls of this domain, by id. */
export const MANIFEST_CONTROLS = [
  annotationInvalid,
  apiDeprecated,
  envDuplicate,
  envReferenceOrder,
  labelInvalid,
  monitorDangling,
  recommendedLabelsMissing,
  seccompAnnotationIgnored,
  selectorMismatch,
  sortedKeys,
  volumeKeyMissing,
  volumeMountDangling,
  volumeSourceMissing,
] as const;
