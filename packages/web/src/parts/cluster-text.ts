interface Named {
  readonly name: string;
}

/** The cluster of an item, or the clusters that it is for; empty for what is of none. */
export function clusterText(item: unknown): string {
  const { cluster, clusters } = (item ?? {}) as {
    readonly cluster?: Partial<Named> | null;
    /** Null for all of them. */
    readonly clusters?: readonly Named[] | null;
  };
  if (clusters === null) return 'all';
  return clusters?.map(({ name }) => name).join(', ') ?? cluster?.name ?? '';
}
