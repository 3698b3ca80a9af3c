/** The controls of this domain, by id. */
export const IDENTITY_CONTROLS = [] as const;
