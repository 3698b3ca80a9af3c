/** The controls of this domain, by id. */
export const AVAILABILITY_CONTROLS = [] as const;
