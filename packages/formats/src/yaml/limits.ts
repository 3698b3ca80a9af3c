/** Nesting beyond this is refused; the deepest published CRD schemas stay under 100. */
export const MAX_DEPTH = 250;
