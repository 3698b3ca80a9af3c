import { forbiddenKind } from './forbidden-kind.ts';
import { forbiddenValue } from './forbidden-value.ts';
import { imagePattern } from './image-pattern.ts';
import { requiredAnnotation } from './required-annotation.ts';
import { requiredLabel } from './required-label.ts';
import { requiredValue } from './required-value.ts';
import { valueRange } from './value-range.ts';

/** The controls of this domain, by id. */
export const CUSTOM_CONTROLS = [
  forbiddenKind,
  forbiddenValue,
  imagePattern,
  requiredAnnotation,
  requiredLabel,
  requiredValue,
  valueRange,
] as const;
