import { apiDeprecated } from './api-deprecated.ts';

/** The controls of this domain, by id. */
export const MANIFEST_CONTROLS = [apiDeprecated] as const;
