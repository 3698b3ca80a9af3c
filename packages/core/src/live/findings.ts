import { type Finding, ownedFinding } from '../finding.ts';
import { groupKindOf, groupOf } from '../group-kind.ts';
import type { Judge } from '../judge.ts';
import { ownerIds, ownersNamedBy, topOwner } from '../owners.ts';
import type { Resource } from '../resource.ts';
import type { Changes, Delta, World } from '../world.ts';

/** What a batch of changes did to the findings, each named by its fingerprint. */
export interface FindingsDelta {
  readonly opened: readonly Finding[];
  /** The new version of findings that say something else than before. */
  readonly changed: readonly Finding[];
  readonly resolved: readonly Finding[];
  /** What alone showed those that are resolved, as `showing` says, by fingerprint. */
  readonly shown: ReadonlyMap<string, readonly Resource[]>;
}

/**
 * The findings of a World, kept up to date: one for each fingerprint, on the top owner of what was judged. After a change
 * only the owners whose objects were judged again, or that gained or lost a dependent, are looked at. An owner is named by its
 * key: where that is of no object, it is what stands for the pods of a controller that is not there, which can be several.
 */
export class LiveFindings {
  private readonly world: World;
  private readonly judge: Judge;
  /** By the owner's key: the resources that belong to it, itself included. */
  private readonly members = new Map<string, Map<string, Resource>>();
  private readonly ownerOf = new Map<string, string>();
  private readonly dependents = new Map<string, Set<string>>();
  private readonly resources = new Map<string, Resource>();
  private readonly byOwner = new Map<string, ReadonlyMap<string, Finding>>();
  /** What stands for pods and shows what their object does not: by its key and by fingerprint, in the order of their ids. */
  private readonly shownBy = new Map<string, ReadonlyMap<string, readonly Resource[]>>();

  constructor(world: World, judge: Judge) {
    this.world = world;
    this.judge = judge;
    const all = [...world.resources()];
    for (const resource of all) this.add(resource);
    for (const resource of all) this.place(resource.id);
    for (const owner of this.members.keys()) this.byOwner.set(owner, this.ofOwner(owner));
  }

  get size(): number {
    let size = 0;
    for (const findings of this.byOwner.values()) size += findings.size;
    return size;
  }

  /** Every finding. */
  *all(): Generator<Finding> {
    for (const findings of this.byOwner.values()) yield* findings.values();
  }

  /** The findings of one owner. */
  of(owner: string): Iterable<Finding> {
    return (this.byOwner.get(owner) ?? NONE).values();
  }

  /** The key of the owner of something that is judged, by the id of that. */
  ownerKeyOf(id: string): string | undefined {
    return this.ownerOf.get(id);
  }

  /** What something controls that is judged, directly or through others, with itself. */
  controlledBy(id: string): readonly Resource[] {
    return this.below(id).flatMap((each) => this.resources.get(each) ?? []);
  }

  /**
   * What is called so, by its key: an object, all that stand for the pods of a controller that is not there, or a controller that is
   * seen in its pods, and then these.
   */
  named(key: string): readonly Resource[] {
    const object = this.resources.get(key);
    const members = this.members.get(key)?.values() ?? [];
    if (object === undefined) return [...members];
    return object.seenInPods === undefined
      ? [object]
      : [object, ...[...members].filter(({ id }) => id !== key)];
  }

  /** What a finding is about: one object, or those of several that show it and stand for pods of which nothing has a template. */
  subjectsOf(finding: Finding): readonly Resource[] {
    const key = keyOfOwner(finding);
    const shown = this.isObject(key) ? undefined : this.showing(finding);
    return shown ?? this.named(key);
  }

  /** What stands for pods and shows a finding, where the object to which these belong does not itself; undefined where it does. */
  showing(finding: Finding): readonly Resource[] | undefined {
    return this.shownBy.get(keyOfOwner(finding))?.get(finding.fingerprint);
  }

  /** Whether that is the key of an object that is judged by what it has itself. */
  private isObject(key: string): boolean {
    const owner = this.resources.get(key);
    return owner !== undefined && owner.seenInPods === undefined;
  }

  /** Applies changes to the World, judges what they touch, and answers what that did to the findings. */
  apply(changes: Changes): FindingsDelta & { readonly delta: Delta } {
    const { delta, judged } = this.judge.apply(changes);
    const owners = new Set<string>();
    for (const { id } of judged) this.note(this.ownerOf.get(id), owners);
    for (const resource of delta.removed) this.leave(resource.id, owners);
    const fresh = [...delta.added, ...delta.changed.map(({ after }) => after)];
    for (const { before } of delta.changed) this.forget(before);
    for (const resource of fresh) this.add(resource);
    const moved = new Set([...fresh, ...delta.removed].flatMap(({ id }) => this.below(id)));
    for (const id of moved) {
      this.note(this.ownerOf.get(id), owners);
      this.place(id);
      this.note(this.ownerOf.get(id), owners);
    }
    return { delta, ...this.compare(owners) };
  }

  private note(owner: string | undefined, owners: Set<string>): void {
    if (owner !== undefined) owners.add(owner);
  }

  private compare(owners: ReadonlySet<string>): FindingsDelta {
    const opened = new Map<string, Finding>();
    const resolved = new Map<string, Finding>();
    const changed: Finding[] = [];
    const shown = new Map<string, readonly Resource[]>();
    for (const owner of owners) {
      const shownBefore = this.shownBy.get(owner);
      const before = this.byOwner.get(owner) ?? NONE;
      const after = this.ofOwner(owner);
      if (after.size > 0) this.byOwner.set(owner, after);
      else this.byOwner.delete(owner);
      for (const [fingerprint, finding] of after) {
        const known = before.get(fingerprint);
        if (known === undefined) opened.set(fingerprint, finding);
        else if (!saysTheSame(known, finding)) changed.push(finding);
      }
      for (const [fingerprint, finding] of before)
        if (!after.has(fingerprint)) {
          resolved.set(fingerprint, finding);
          const showed = shownBefore?.get(fingerprint);
          if (showed !== undefined) shown.set(fingerprint, showed);
        }
    }
    // A fingerprint does not hold the API version, so that one object's end can be the other's beginning.
    for (const [fingerprint, finding] of opened)
      if (resolved.delete(fingerprint)) {
        opened.delete(fingerprint);
        changed.push(finding);
      }
    return { opened: [...opened.values()], changed, resolved: [...resolved.values()], shown };
  }

  /** Of findings with one fingerprint the owner's own stays, else that of the first by id. */
  private ofOwner(id: string): ReadonlyMap<string, Finding> {
    this.shownBy.delete(id);
    const members = this.members.get(id);
    if (members === undefined) return NONE;
    const found = new Map<string, Finding>();
    const owner = this.resources.get(id);
    const shown = new Map<string, readonly Resource[]>();
    const isObject = this.isObject(id);
    let ofObject: Pick<ReadonlySet<string>, 'has'> = NONE;
    const ids = [...members.keys()].filter((member) => member !== id).sort();
    for (const member of [id, ...ids]) {
      const resource = members.get(member);
      if (resource === undefined) continue;
      const isItself = isObject && member === id;
      const alone = [resource];
      for (const finding of this.judge.findingsOf(resource)) {
        const owned = owner === undefined || member === id ? finding : ownedFinding(finding, owner);
        const { fingerprint } = owned;
        if (!found.has(fingerprint)) found.set(fingerprint, owned);
        if (isItself || ofObject.has(fingerprint)) continue;
        shown.set(fingerprint, withOther(shown.get(fingerprint), alone));
      }
      if (isItself) ofObject = new Set(found.keys());
    }
    if (shown.size > 0) this.shownBy.set(id, shown);
    return found;
  }

  private add(resource: Resource): void {
    this.resources.set(resource.id, resource);
    for (const key of ownersNamedBy(resource).flatMap((owner) => ownerIds(resource, owner))) {
      const known = this.dependents.get(key);
      if (known === undefined) this.dependents.set(key, new Set([resource.id]));
      else known.add(resource.id);
    }
  }

  private forget(resource: Resource): void {
    for (const owner of ownersNamedBy(resource))
      for (const key of ownerIds(resource, owner)) this.dependents.get(key)?.delete(resource.id);
  }

  private leave(id: string, owners: Set<string>): void {
    const resource = this.resources.get(id);
    const owner = this.ownerOf.get(id);
    this.note(owner, owners);
    if (resource !== undefined) this.forget(resource);
    this.resources.delete(id);
    this.ownerOf.delete(id);
    if (owner !== undefined) this.removeMember(owner, id);
  }

  private removeMember(owner: string, id: string): void {
    const members = this.members.get(owner);
    members?.delete(id);
    if (members?.size === 0) this.members.delete(owner);
  }

  /** Something and everything that it controls, directly or through others. */
  private below(id: string): string[] {
    const found = new Set([id]);
    for (const each of found) for (const dependent of this.dependents.get(each) ?? []) found.add(dependent);
    return [...found];
  }

  private place(id: string): void {
    const resource = this.resources.get(id);
    if (resource === undefined) return;
    const owner = topOwner(this.world, resource).key;
    const before = this.ownerOf.get(id);
    if (before !== undefined && before !== owner) this.removeMember(before, id);
    this.ownerOf.set(id, owner);
    const members = this.members.get(owner);
    if (members === undefined) this.members.set(owner, new Map([[id, resource]]));
    else members.set(id, resource);
  }
}

const NONE: ReadonlyMap<string, Finding> = new Map();

function withOther(known: readonly Resource[] | undefined, alone: readonly Resource[]): readonly Resource[] {
  if (known === undefined) return alone;
  return known.at(-1) === alone[0] ? known : [...known, ...alone];
}

function keyOfOwner({ resource: { apiVersion, kind, namespace, name } }: Finding): string {
  return `${groupKindOf(groupOf(apiVersion), kind)}|${namespace}|${name}`;
}

function saysTheSame(a: Finding, b: Finding): boolean {
  return (
    a.message === b.message &&
    a.severity === b.severity &&
    a.path === b.path &&
    a.isFixable === b.isFixable &&
    a.resource.apiVersion === b.resource.apiVersion &&
    String(a.causes) === String(b.causes)
  );
}
