/** The controls of this domain, by id. */
export const CUSTOM_CONTROLS = [] as const;
