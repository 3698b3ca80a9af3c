import {
  type ObjectChoice,
  type Scope,
  type Store,
  stateOfObjects,
  stateOfTopics,
  within,
} from '@bulwark/store';

interface Kept<T> {
  readonly state: string;
  readonly value: T;
}

/** What is kept of a store, by cluster. */
interface OfStore<T> {
  readonly now: Map<number, Kept<T>>;
  /** Of the moment that was asked for last: who has set the clock looks at one moment for a while. */
  readonly past: Map<number, Kept<T>>;
}

/**
 * What is worked out from all objects of some kinds in a cluster, kept until one of them changes; of the past, that of one moment
 * until anything in the inventory does. Only for those who see everything, as limited views are small.
 */
export class KeptByState<T> {
  private readonly choice: ObjectChoice;
  private readonly compute: (store: Store, scope: Scope, asOf: Date | undefined) => Promise<T>;
  private readonly kept = new WeakMap<Store, OfStore<T>>();

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
    const isKept = scope.namespaces === 'all';
    const states = isKept ? await this.states(store, scope, { clusters, asOf }) : new Map<number, string>();
    const all = this.kept.get(store) ?? { now: new Map<number, Kept<T>>(), past: new Map<number, Kept<T>>() };
    this.kept.set(store, all);
    const kept = asOf === undefined ? all.now : all.past;
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

  /** Names the state of each cluster that what is kept holds for. */
  private async states(
    store: Store,
    scope: Scope,
    { clusters, asOf }: { readonly clusters: readonly number[]; readonly asOf: Date | undefined },
  ): Promise<ReadonlyMap<number, string>> {
    if (asOf === undefined) return stateOfObjects(store, scope, this.choice);
    const states = new Map<number, string>();
    for (const cluster of clusters) {
      const inventory = await stateOfTopics(store, within(scope, cluster), ['inventory']);
      states.set(cluster, `${asOf.toISOString()} ${inventory}`);
    }
    return states;
  }
}
