/** The controls of this domain, by id. */
export const SECRETS_CONTROLS = [] as const;
