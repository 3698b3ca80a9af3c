/** The controls of this domain, by id. */
export const RBAC_CONTROLS = [] as const;
