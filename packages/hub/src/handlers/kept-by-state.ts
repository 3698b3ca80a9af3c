import {
  type ObjectChoice,
  type Scope,
  type Store,
  stateOfObjects,
  stateOfTopics,
  within,
} from '@bulwark/store';

interface Kept<T> {
  /** The state of the whole inventory: while it is the same, nothing else has to be looked at. */
  readonly inventory: string;
  readonly state: string;
  readonly value: T;
}

interface Asked<T> {
  readonly asOf: Date | undefined;
  readonly inventory: string;
  readonly known: Kept<T> | undefined;
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
    const all = this.kept.get(store) ?? { now: new Map<number, Kept<T>>(), past: new Map<number, Kept<T>>() };
    this.kept.set(store, all);
    const kept = asOf === undefined ? all.now : all.past;
    for (const cluster of clusters) {
      const own = within(scope, cluster);
      if (scope.namespaces !== 'all') {
        found.set(cluster, await this.compute(store, own, asOf));
        continue;
      }
      const inventory = await stateOfTopics(store, own, ['inventory']);
      const known = kept.get(cluster);
      const state = await this.stateOf(store, own, { asOf, inventory, known });
      const value = known?.state === state ? known.value : await this.compute(store, own, asOf);
      kept.set(cluster, { inventory, state, value });
      found.set(cluster, value);
    }
    return found;
  }

  /** Names the state of a cluster that what is kept holds for. */
  private async stateOf(store: Store, scope: Scope, { asOf, inventory, known }: Asked<T>): Promise<string> {
    if (asOf !== undefined) return `${asOf.toISOString()} ${inventory}`;
    if (known?.inventory === inventory) return known.state;
    const [state] = (await stateOfObjects(store, scope, this.choice)).values();
    return state ?? '';
  }
}
