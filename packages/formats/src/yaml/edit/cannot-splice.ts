/** An edit that cannot be made in this text; the caller does not offer it. */
export class CannotSplice extends Error {}
