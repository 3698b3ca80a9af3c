import { type ObjectChoice, type Scope, type Store, stateOfObjects, within } from '@bulwark/store';

/**
 * What is worked out from all objects of some kinds in a cluster, kept until one of them changes. Only for those who see
 * everything, and for the present: limited views are small, and moments of the past are many.
 */
export class KeptByState<T> {
  private readonly choice: ObjectChoice;
  private readonly compute: (store: Store, scope: Scope, asOf: Date | undefined) => Promise<T>;
  private readonly kept = new WeakMap<Store, Map<number, { readonly state: string; readonly value: T }>>();

  /** @param compute gets a scope of one cluster. */
  constructor(
    choice: ObjectChoice,
    compute: (store: Store, scope: Scope, asOf: Date | undefined) => Promise<T>,
  ) {
    this.choice = choice;
    this.compute = compute;
  }

  /** For each of some clusters. */
  async of(
    store: Store,
    scope: Scope,
    { clusters, asOf }: { readonly clusters: readonly number[]; readonly asOf?: Date | undefined },
  ): Promise<ReadonlyMap<number, T>> {
    const found = new Map<number, T>();
    const isKept = asOf === undefined && scope.namespaces === 'all';
    const states = isKept ? await stateOfObjects(store, scope, this.choice) : new Map<number, string>();
    const kept = this.kept.get(store) ?? new Map<number, { state: string; value: T }>();
    this.kept.set(store, kept);
    for (const cluster of clusters) {
      const state = states.get(cluster) ?? '';
      const known = isKept ? kept.get(cluster) : undefined;
      const value =
        known?.state === state ? known.value : await this.compute(store, within(scope, cluster), asOf);
      if (isKept) kept.set(cluster, { state, value });
      found.set(cluster, value);
    }
    return found;
  }
}
