import { randomUUID } from 'node:crypto';
import { groupOf, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { typeKey } from './resource-type.ts';

/** An object as it is stored: its text without `apiVersion` and `kind`, as lists give it. */
export interface Stored {
  readonly namespace: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly version: number;
  readonly uid: string;
  readonly text: string;
}

/** A change, as watches tell it. */
export interface StoredEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly stored: Stored;
}

/** What names an object. */
export interface StoredRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

interface Table {
  readonly objects: Map<string, Stored>;
  history: StoredEvent[];
  /** Changes up to this version are forgotten. */
  forgotten: number;
  readonly listeners: Set<(event: StoredEvent) => void>;
}

/** How many changes of a kind are remembered. */
const LONGEST_HISTORY = 10_000;

/** Objects by kind, with one sequence of versions for all of them. */
export class ObjectStore {
  private readonly tables = new Map<string, Table>();
  private sequence = 1;
  private toLose = 0;

  /** The version of the last change. */
  get version(): number {
    return this.sequence;
  }

  /** Adds an object, or replaces the one of its name. */
  upsert(object: JsonObject): Stored {
    const metadata = objectAt(object, 'metadata') ?? {};
    const { apiVersion: _version, kind: _kind, metadata: _metadata, ...content } = object;
    const apiVersion = stringAt(object, 'apiVersion') ?? '';
    const kind = stringAt(object, 'kind') ?? '';
    const name = stringAt(metadata, 'name') ?? '';
    const namespace = stringAt(metadata, 'namespace') ?? '';
    const table = this.table(apiVersion, kind);
    const key = `${namespace}/${name}`;
    const before = table.objects.get(key);
    const version = ++this.sequence;
    const uid = stringAt(metadata, 'uid') ?? before?.uid ?? randomUUID();
    const own = { ...metadata, uid, resourceVersion: String(version) };
    const stored: Stored = {
      namespace,
      name,
      apiVersion,
      kind,
      version,
      uid,
      text: JSON.stringify({ metadata: own, ...content }),
    };
    table.objects.set(key, stored);
    this.tell(table, { type: before === undefined ? 'ADDED' : 'MODIFIED', version, stored });
    return stored;
  }

  /** Takes an object away; false where it is not there. */
  delete({ apiVersion, kind, namespace = '', name }: StoredRef): boolean {
    const table = this.table(apiVersion, kind);
    const stored = table.objects.get(`${namespace}/${name}`);
    if (stored === undefined) return false;
    table.objects.delete(`${namespace}/${name}`);
    const version = ++this.sequence;
    const text = stored.text.replace(/"resourceVersion":"\d+"/, `"resourceVersion":"${version}"`);
    this.tell(table, { type: 'DELETED', version, stored: { ...stored, version, text } });
    return true;
  }

  /** All objects of a kind, in the order of their names. */
  list(group: string, kind: string): Stored[] {
    const { objects } = this.tableOf(typeKey({ group, kind }));
    return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stored]) => stored);
  }

  find(
    group: string,
    kind: string,
    key: { readonly namespace: string; readonly name: string },
  ): Stored | undefined {
    return this.tableOf(typeKey({ group, kind })).objects.get(`${key.namespace}/${key.name}`);
  }

  /** The changes of a kind after a version; undefined where they are forgotten. */
  since(group: string, kind: string, version: number): readonly StoredEvent[] | undefined {
    const { history, forgotten } = this.tableOf(typeKey({ group, kind }));
    return version < forgotten ? undefined : history.filter((event) => event.version > version);
  }

  /** Calls the listener for every later change of a kind, until the answer is called. */
  listen(group: string, kind: string, listener: (event: StoredEvent) => void): () => void {
    const { listeners } = this.tableOf(typeKey({ group, kind }));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Forgets all changes so far: who watches from before has to list again. */
  forget(): void {
    this.sequence++;
    for (const table of this.tables.values()) {
      table.history = [];
      table.forgotten = this.sequence;
    }
  }

  /** Sets the sequence of versions back to its beginning, as a store does that comes from a backup. */
  setBack(): void {
    this.sequence = 1;
    for (const table of this.tables.values()) {
      table.history = [];
      table.forgotten = 0;
    }
  }

  /** Tells nobody of the next changes. */
  loseNext(changes: number): void {
    this.toLose = changes;
  }

  private tell(table: Table, event: StoredEvent): void {
    if (this.toLose > 0) {
      this.toLose--;
      return;
    }
    table.history.push(event);
    if (table.history.length > LONGEST_HISTORY * 1.5) {
      const dropped = table.history.length - LONGEST_HISTORY;
      table.forgotten = table.history[dropped - 1]?.version ?? 0;
      table.history = table.history.slice(dropped);
    }
    for (const listener of table.listeners) listener(event);
  }

  private table(apiVersion: string, kind: string): Table {
    return this.tableOf(typeKey({ group: groupOf(apiVersion), kind }));
  }

  private tableOf(key: string): Table {
    let table = this.tables.get(key);
    if (table === undefined) {
      table = { objects: new Map(), history: [], forgotten: 0, listeners: new Set() };
      this.tables.set(key, table);
    }
    return table;
  }
}
