import { psaLabelMissing } from './psa-label-missing.ts';

/** The controls of this domain, by id. */
export const NAMESPACE_CONTROLS = [psaLabelMissing] as const;
