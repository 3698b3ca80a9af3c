import { defaultNamespaceUsed } from './default-namespace-used.ts';
import { limitRangeMissing } from './limit-range-missing.ts';
import { psaLabelInvalid } from './psa-label-invalid.ts';
import { psaLabelMissing } from './psa-label-missing.ts';
import { psaLevelPrivileged } from './psa-level-privileged.ts';
import { psaVersionUnpinned } from './psa-version-unpinned.ts';
import { resourceQuotaMissing } from './resource-quota-missing.ts';
import { systemNamespaceUsed } from './system-namespace-used.ts';

/** The controls of this domain, by id. */
export const NAMESPACE_CONTROLS = [
  defaultNamespaceUsed,
  limitRangeMissing,
  psaLabelInvalid,
  psaLabelMissing,
  psaLevelPrivileged,
  psaVersionUnpinned,
  resourceQuotaMissing,
  systemNamespaceUsed,
] as const;
