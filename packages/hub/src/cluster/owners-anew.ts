import { controllerReference, type OwnershipSettings, type World } from '@bulwark/core';
import {
  bodiesOf,
  digestOf,
  type OwnersRow,
  type Store,
  type StoredOwners,
  scopeOf,
  storedOwners,
} from '@bulwark/store';
import type { OwnerPlace } from './owner-places.ts';
import { type PersistOptions, persist } from './persist.ts';
import { type Owned, ownersOf, runBy, topOf } from './row.ts';
import { idOf, type StoredRows } from './stored-rows.ts';

export interface OwnersAnewParts extends PersistOptions {
  readonly store: Store;
  readonly cluster: number;
  readonly stored: StoredRows;
  readonly world: World;
  /** Kinds of which what is stored stays as it is. */
  readonly leftKinds: () => ReadonlySet<string>;
}

/** So many rows are read at once: small ones, without their content. */
const READ_AT_ONCE = 500;
/** After so many, what came meanwhile is judged and written before the others. */
const LOOKED_AT_ONCE = 2000;

/**
 * Whose stored objects are, worked out anew where something else says it: objects themselves need not change for that. Cost: the rows
 * of the places that are noted; memory: those that are read at once, however many there are.
 */
export class OwnersAnew {
  private readonly parts: OwnersAnewParts;
  private readonly places = new Map<string, OwnerPlace>();
  private pages: AsyncGenerator<readonly StoredOwners[], void, undefined> | undefined;

  constructor(parts: OwnersAnewParts) {
    this.parts = parts;
  }

  /** Whether nothing is left to be looked at. */
  get isDone(): boolean {
    return this.pages === undefined && this.places.size === 0;
  }

  /** Notes where to look; a place that is being looked at is looked at once more. */
  note(places: Iterable<OwnerPlace>): void {
    for (const place of places) this.places.set(JSON.stringify(place), place);
  }

  /** Some of the rows that are to be written: none does not say that it is done. */
  async next(ownership: OwnershipSettings): Promise<readonly OwnersRow[]> {
    const found: OwnersRow[] = [];
    for (let looked = 0; looked < LOOKED_AT_ONCE; ) {
      this.pages ??= this.begin();
      const { pages } = this;
      if (pages === undefined) break;
      const { value: page } = await pages.next();
      if (page === undefined) this.pages = undefined;
      else {
        looked += page.length;
        found.push(...(await this.different(page, ownership)));
      }
    }
    return found;
  }

  private begin(): OwnersAnew['pages'] {
    for (const [id, place] of this.places) {
      this.places.delete(id);
      return this.pagesOf(place);
    }
    return undefined;
  }

  private async *pagesOf(place: OwnerPlace): AsyncGenerator<readonly StoredOwners[], void, undefined> {
    const { store, cluster, stored, leftKinds } = this.parts;
    const left = leftKinds();
    for (const kind of stored.kindsIn(place.namespace)) {
      if (left.has(kind)) continue;
      let after: string | undefined = '';
      while (after !== undefined) {
        const request = { ...place, kind, after, limit: READ_AT_ONCE };
        const page: readonly StoredOwners[] = await persist(this.parts, () =>
          storedOwners(store, cluster, request),
        );
        yield page;
        after = page.length < READ_AT_ONCE ? undefined : page.at(-1)?.name;
      }
    }
  }

  private async different(
    page: readonly StoredOwners[],
    ownership: OwnershipSettings,
  ): Promise<readonly OwnersRow[]> {
    const { stored, world } = this.parts;
    const objects = page.map((row) => ({ row, object: ownedOf(row, world) }));
    const alone = objects.filter(({ object }) => topOf(object, world) === undefined);
    const bodies = await this.bodies(alone.map(({ row }) => row.bodyHash));
    return objects.flatMap(({ row, object }) => {
      const body = bodies.get(row.bodyHash) ?? object.body;
      const owners = ownersOf({ ...object, body }, world, ownership);
      const digest = digestOf({ ...row, ...owners });
      const { kind, namespace, name } = row;
      if (!stored.isDifferent(idOf(row), digest)) return [];
      const self = world.find(kind, namespace, name);
      return [{ kind, namespace, name, digest, ...owners, ...(self && runBy(self)) }];
    });
  }

  private async bodies(hashes: readonly string[]): Promise<ReadonlyMap<string, Owned['body']>> {
    const { store, cluster } = this.parts;
    const scope = scopeOf({ clusters: [cluster], namespaces: 'all' });
    const bodies = await persist(this.parts, () => bodiesOf(store, scope, [...new Set(hashes)]));
    return new Map(bodies.map(({ hash, content }) => [hash.replaceAll('-', ''), content]));
  }
}

function ownedOf(row: StoredOwners, world: World): Owned {
  const { kind, namespace, name, apiVersion, instance } = row;
  const self = world.find(kind, namespace, name);
  return {
    resource: { id: idOf(row), groupKind: kind, namespace, name, apiVersion },
    controller: controllerReference(self ?? { groupKind: kind, object: instance }),
    body: {},
    instance,
  };
}
