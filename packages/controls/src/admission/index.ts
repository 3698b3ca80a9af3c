/** The controls of this domain, by id. */
export const ADMISSION_CONTROLS = [] as const;
