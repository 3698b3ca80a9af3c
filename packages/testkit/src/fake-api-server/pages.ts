import { randomUUID } from 'node:crypto';
import type { ObjectStore, Stored } from './object-store.ts';
import type { ResourceType } from './resource-type.ts';

interface Snapshot {
  readonly items: readonly Stored[];
  readonly version: number;
  from: number;
}

/** Lists in pages, each list as it was when it began. */
export class Pages {
  private readonly store: ObjectStore;
  private readonly open = new Map<string, Snapshot>();

  constructor(store: ObjectStore) {
    this.store = store;
  }

  /** Makes all continue tokens too old. */
  forget(): void {
    this.open.clear();
  }

  /** The text of a page; undefined where its continue token is too old. */
  page(
    type: ResourceType,
    namespace: string,
    { version, query }: { readonly version: string; readonly query: URLSearchParams },
  ): string | undefined {
    const token = query.get('continue');
    const snapshot = token === null ? this.begin(type, namespace, query) : this.open.get(token);
    if (snapshot === undefined) return undefined;
    const limit = Number(query.get('limit') ?? 0);
    const end = limit > 0 ? snapshot.from + limit : snapshot.items.length;
    const items = snapshot.items.slice(snapshot.from, end);
    const left = Math.max(0, snapshot.items.length - end);
    const next = randomUUID();
    if (left > 0) this.open.set(next, { ...snapshot, from: end });
    const metadata = {
      resourceVersion: String(snapshot.version),
      ...(left > 0 && { continue: next, remainingItemCount: left }),
    };
    const apiVersion = type.group === '' ? version : `${type.group}/${version}`;
    const head = JSON.stringify({ kind: `${type.kind}List`, apiVersion, metadata });
    return `${head.slice(0, -1)},"items":[${items.map(({ text }) => text).join(',')}]}\n`;
  }

  private begin(type: ResourceType, namespace: string, query: URLSearchParams): Snapshot {
    const name = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    const all = this.store.list(type.group, type.kind);
    const items = all.filter(
      (each) =>
        (namespace === '' || each.namespace === namespace) && (name === undefined || each.name === name),
    );
    return { items, version: this.store.version, from: 0 };
  }
}
