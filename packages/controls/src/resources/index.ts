import { memoryLimitMissing } from './memory-limit-missing.ts';

/** The controls of this domain, by id. */
export const RESOURCES_CONTROLS = [memoryLimitMissing] as const;
