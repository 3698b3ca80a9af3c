import type { GroupKind } from './group-kind.ts';
import { isObject, type JsonObject, objectAt } from './json.ts';
import { namespaceOf, type Resource } from './resource.ts';

/** Stands for every resource with a pod template, whatever its kind, where kinds are declared as read. */
export const ANY_WORKLOAD: GroupKind = '@workload';

/** A fact about the whole World, computed when first asked for and kept until something it reads changes. */
export interface Analysis<T> {
  readonly id: string;
  /** The kinds, and other analyses, whose change can change the result. */
  readonly reads: readonly Read[];
  compute(world: WorldView): T;
}

/** What an analysis or a control looks at besides its subject. */
export type Read = GroupKind | Analysis<unknown>;

/** The read side of a World; a control's is limited to what it declares. */
export interface WorldView {
  /** All resources of a kind, in the order they were added. */
  list(kind: GroupKind): readonly Resource[];
  /** Those of one namespace; the empty namespace holds the cluster-scoped ones. */
  inNamespace(kind: GroupKind, namespace: string): readonly Resource[];
  find(kind: GroupKind, namespace: string, name: string): Resource | undefined;
  /** A namespace's labels, `kubernetes.io/metadata.name` included even where no manifest declares the namespace. */
  namespaceLabels(name: string): Labels;
  /** Every namespace that is declared or holds something. */
  namespaces(): readonly string[];
  get<T>(analysis: Analysis<T>): T;
}

/** Labels as written; values that are not text are left out. */
export type Labels = Readonly<Record<string, string>>;

/** Resources to add or replace, by `id`, and ids to remove. */
export interface Changes {
  readonly upsert: readonly Resource[];
  readonly remove?: readonly string[];
}

/** What a batch of changes did. `changed` has the new version of each resource. */
export interface Delta {
  readonly added: readonly Resource[];
  readonly removed: readonly Resource[];
  readonly changed: readonly { readonly before: Resource; readonly after: Resource }[];
  /** Every kind touched, `ANY_WORKLOAD` and `Namespace` included where they apply. */
  readonly kinds: ReadonlySet<GroupKind>;
  /** Every namespace in which something was touched. */
  readonly namespaces: ReadonlySet<string>;
}

interface KindIndex {
  all: Resource[];
  byNamespace: Map<string, Resource[]>;
}

/** The labels of an object's metadata. */
export function labelsOf(metadata: JsonObject | undefined): Labels {
  const labels = metadata?.['labels'];
  if (!isObject(labels)) return NO_LABELS;
  for (const value of Object.values(labels)) if (typeof value !== 'string') return textOnly(labels);
  return labels as Labels;
}

const NO_LABELS: Labels = {};

function textOnly(labels: JsonObject): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Every kind under which a resource is indexed. */
function kindsOf(resource: Resource): readonly GroupKind[] {
  return resource.workloads.length > 0 ? [resource.groupKind, ANY_WORKLOAD] : [resource.groupKind];
}

/** Whether an analysis, directly or through others, reads one of these kinds. */
export function readsAny(reads: readonly Read[], kinds: ReadonlySet<GroupKind>): boolean {
  return reads.some((read) => (typeof read === 'string' ? kinds.has(read) : readsAny(read.reads, kinds)));
}

/** An indexed set of resources; see the architecture's words. */
export class World implements WorldView {
  private readonly byId = new Map<string, Resource>();
  private readonly byKind = new Map<GroupKind, KindIndex>();
  private readonly analyses = new Map<string, { analysis: Analysis<unknown>; value: unknown }>();
  private namespaceNames: readonly string[] | undefined;

  /** A World of resources. A second copy of an object gets an id of its own; `duplicates` lists those. */
  static of(resources: Iterable<Resource>): { world: World; duplicates: readonly Resource[] } {
    const world = new World();
    const duplicates: Resource[] = [];
    const copies = new Map<string, number>();
    for (const resource of resources) {
      let unique = resource;
      if (world.byId.has(resource.id)) {
        const copy = (copies.get(resource.key) ?? 1) + 1;
        copies.set(resource.key, copy);
        unique = { ...resource, id: `${resource.key}#${copy}` };
        duplicates.push(unique);
      }
      world.byId.set(unique.id, unique);
      world.index(unique);
    }
    return { world, duplicates };
  }

  get size(): number {
    return this.byId.size;
  }

  /** All resources, in the order they were added. */
  resources(): Iterable<Resource> {
    return this.byId.values();
  }

  list(kind: GroupKind): readonly Resource[] {
    return this.byKind.get(kind)?.all ?? [];
  }

  inNamespace(kind: GroupKind, namespace: string): readonly Resource[] {
    return this.byKind.get(kind)?.byNamespace.get(namespace) ?? [];
  }

  find(kind: GroupKind, namespace: string, name: string): Resource | undefined {
    return this.byId.get(`${kind}|${namespace}|${name}`);
  }

  namespaceLabels(name: string): Labels {
    const declared = this.find('Namespace', '', name);
    return {
      ...(declared && labelsOf(objectAt(declared.object, 'metadata'))),
      'kubernetes.io/metadata.name': name,
    };
  }

  namespaces(): readonly string[] {
    if (this.namespaceNames === undefined) {
      const names = new Set(this.list('Namespace').map((resource) => resource.name));
      for (const resource of this.byId.values()) if (resource.namespace !== '') names.add(resource.namespace);
      this.namespaceNames = [...names].sort();
    }
    return this.namespaceNames;
  }

  get<T>(analysis: Analysis<T>): T {
    let entry = this.analyses.get(analysis.id);
    if (entry === undefined) {
      entry = { analysis, value: analysis.compute(this) };
      this.analyses.set(analysis.id, entry);
    }
    return entry.value as T;
  }

  /** Applies a batch: only the indices of touched kinds are rebuilt, analyses that cannot see the change are kept. */
  apply({ upsert, remove = [] }: Changes): Delta {
    const added: Resource[] = [];
    const removed: Resource[] = [];
    const changed: { before: Resource; after: Resource }[] = [];
    for (const id of remove) {
      const before = this.byId.get(id);
      if (before === undefined) continue;
      this.byId.delete(id);
      removed.push(before);
    }
    for (const after of upsert) {
      const before = this.byId.get(after.id);
      this.byId.set(after.id, after);
      if (before === undefined) added.push(after);
      else changed.push({ before, after });
    }
    const touched = [...added, ...removed, ...changed.flatMap(({ before, after }) => [before, after])];
    const kinds = new Set(touched.flatMap(kindsOf));
    const namespaces = new Set(touched.map(namespaceOf));
    this.rebuild(kinds, upsert);
    for (const [id, { analysis }] of this.analyses)
      if (readsAny(analysis.reads, kinds)) this.analyses.delete(id);
    return { added, removed, changed, kinds, namespaces };
  }

  private index(resource: Resource): void {
    for (const kind of kindsOf(resource)) this.indexUnder(kind, resource);
  }

  private indexUnder(kind: GroupKind, resource: Resource): void {
    let index = this.byKind.get(kind);
    if (index === undefined) {
      index = { all: [], byNamespace: new Map() };
      this.byKind.set(kind, index);
    }
    index.all.push(resource);
    const inNamespace = index.byNamespace.get(resource.namespace);
    if (inNamespace === undefined) index.byNamespace.set(resource.namespace, [resource]);
    else inNamespace.push(resource);
  }

  private rebuild(kinds: ReadonlySet<GroupKind>, upserted: readonly Resource[]): void {
    if (kinds.size > 0) this.namespaceNames = undefined;
    for (const kind of kinds) {
      const candidates = new Set([...this.list(kind), ...upserted].map((resource) => resource.id));
      this.byKind.delete(kind);
      for (const id of candidates) {
        const resource = this.byId.get(id);
        if (resource !== undefined && kindsOf(resource).includes(kind)) this.indexUnder(kind, resource);
      }
    }
  }
}
