/** The controls of this domain, by id. */
export const SERVICE_CONTROLS = [] as const;
