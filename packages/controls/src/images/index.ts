/** The controls of this domain, by id. */
export const IMAGES_CONTROLS = [] as const;
