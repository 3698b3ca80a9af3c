import { namespaceOf, type Resource, redactText } from '@bulwark/core';
import type { CoverageRecord } from '@bulwark/store';

/** An annotation that should except something and cannot be read. */
export interface Unread {
  readonly annotation: string;
  /** What is wrong with it, after its key. */
  readonly reason: string;
}

/** Where something belongs: its top owner, or what stands for it where that is not there. */
type OwnerOf = (resource: Resource) => Resource;

/** What the annotations of a cluster should except and cannot be read, kept up to date over changes of its objects. */
export class UnreadExceptions {
  private readonly byId = new Map<
    string,
    { readonly resource: Resource; readonly unread: readonly Unread[] }
  >();
  private isNew = false;

  /** @param unread what of the annotations of an object cannot be read; nothing where it is gone or says nothing such. */
  note(id: string, resource?: Resource, unread: readonly Unread[] = []): void {
    const isGone = resource === undefined || unread.length === 0;
    this.isNew ||= isGone ? this.byId.has(id) : true;
    if (isGone) this.byId.delete(id);
    else this.byId.set(id, { resource, unread });
  }

  /** Whether there may be others than when this was last asked. */
  takeNew(): boolean {
    const { isNew } = this;
    this.isNew = false;
    return isNew;
  }

  /** What coverage says: once of an owner and its annotation, however many have a copy of that. */
  *records(ownerOf: OwnerOf): Generator<CoverageRecord> {
    const told = new Set<string>();
    for (const { resource, unread } of this.byId.values()) {
      const owner = ownerOf(resource);
      for (const each of unread) {
        const annotation = redactText(each.annotation);
        const key = `${owner.key} ${annotation}`;
        if (told.has(key)) continue;
        told.add(key);
        yield recordOf(owner, { annotation, reason: each.reason });
      }
    }
  }
}

/** It is told to those alone who may see the object. */
function recordOf(resource: Resource, { annotation, reason }: Unread): CoverageRecord {
  const { kind, namespace, name } = resource;
  const object = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  return {
    code: 'invalid-exception',
    subject: `${object}, ${annotation}`,
    namespace: namespaceOf(resource),
    kind: 'note',
    reason: `${object}: ${redactText(reason)}; so it accepts nothing and asks for nothing.`,
    remedy: 'bulwark.dev/except.CONTROL: "reason; until=YYYY-MM-DD; owner=NAME"',
  };
}
