import { type JsonObject, stringAt } from '@bulwark/core';
import type { ObjectKey } from './sink.ts';

/** Which objects of a kind the receiver has, and in which version. */
export class KnownObjects {
  /** The resource version by namespace and name; empty where only the name is known. */
  private readonly versions = new Map<string, string>();
  private listed = new Set<string>();

  constructor(keys: readonly ObjectKey[] = []) {
    for (const key of keys) this.versions.set(textOf(key), '');
  }

  get size(): number {
    return this.versions.size;
  }

  /** Begins a list: what is not in it is gone in the end. */
  beginList(): void {
    this.listed = new Set();
  }

  /** Takes a part of a list, and answers what of it is new or changed. */
  takeListed(objects: readonly JsonObject[]): JsonObject[] {
    for (const object of objects) this.listed.add(textOf(keyOf(object)));
    return this.take(objects);
  }

  /** Ends a list, and answers what is gone. */
  endList(): ObjectKey[] {
    const gone = [...this.versions.keys()].filter((text) => !this.listed.has(text));
    for (const text of gone) this.versions.delete(text);
    this.listed = new Set();
    return gone.map(keyFromText);
  }

  /** Takes objects that were added or changed, and answers those of which another version was known. */
  take(objects: readonly JsonObject[]): JsonObject[] {
    return objects.filter((object) => {
      const text = textOf(keyOf(object));
      const version = stringAt(object, 'metadata', 'resourceVersion') ?? '';
      if (version !== '' && this.versions.get(text) === version) return false;
      this.versions.set(text, version);
      return true;
    });
  }

  /** Takes that objects are gone, and answers those that were known. */
  drop(keys: readonly ObjectKey[]): ObjectKey[] {
    return keys.filter((key) => this.versions.delete(textOf(key)));
  }

  /** Forgets in which versions objects are known: at the next list, all of them count as changed. */
  forgetVersions(): void {
    for (const text of this.versions.keys()) this.versions.set(text, '');
  }

  /** Forgets everything, and answers what it was. */
  dropAll(): ObjectKey[] {
    const keys = [...this.versions.keys()].map(keyFromText);
    this.versions.clear();
    return keys;
  }
}

/** The key of an object. */
export function keyOf(object: JsonObject): ObjectKey {
  const metadata = object['metadata'];
  return { namespace: stringAt(metadata, 'namespace') ?? '', name: stringAt(metadata, 'name') ?? '' };
}

/** Neither part can hold a slash. */
function textOf({ namespace, name }: ObjectKey): string {
  return `${namespace}/${name}`;
}

function keyFromText(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}
