/**
 * Whether what happens is heard of: not yet, now, not since a moment, as the hub or its database does not answer, or not without signing
 * in again.
 */
export type Connection =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly what: 'hub' | 'database'; readonly since: number }
  | { readonly kind: 'signed-out' };

/** What is told of the stream of events. */
export type News =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** Something may have been missed: everything may have changed. */
  | { readonly kind: 'gap' }
  /** An event as the hub wrote it. */
  | { readonly kind: 'event'; readonly data: string };

/** How the connection is after what was told. A tab that takes over while it is cut off does not know since when. */
export function nextConnection(known: Connection, told: Connection): Connection {
  const isStillLost = known.kind === 'lost' && told.kind === 'opening';
  return isAlike(known, told) || isStillLost ? known : told;
}

/** Whether nobody has to be told of the second after the first. */
export function isAlike(one: Connection, other: Connection): boolean {
  const isOfOther = one.kind === 'lost' && other.kind === 'lost' && one.what !== other.what;
  return one.kind === other.kind && !isOfOther;
}
