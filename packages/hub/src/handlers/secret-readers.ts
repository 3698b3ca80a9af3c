import {
  allowsResource,
  effectiveRules,
  type Grant,
  type Rule,
  type Subject,
  subjectKey,
  subjectsOf,
} from '@bulwark/analyses';
import type { Resource, WorldView } from '@bulwark/core';

/** Said where cluster-wide objects are beyond what a caller may see. */
const NOT_SHOWN = 'whoever cluster-wide roles and bindings let: not shown, as you see some namespaces only';

/** Who may read Secrets. */
export interface SecretReaders {
  /** Subjects that may get, list or watch a Secret, people first. */
  of(namespace: string, name: string): readonly string[];
  /** What lets each of them, in the same order: one for each binding. */
  grantsOf(namespace: string, name: string): readonly ReadGrant[];
}

/** What lets a subject read Secrets: a binding, and the role that it binds. */
export interface ReadGrant {
  readonly subject: Subject;
  readonly verbs: readonly string[];
  readonly binding: Resource;
  readonly role: Resource;
}

interface Reader extends ReadGrant {
  readonly who: string;
  /** Undefined for every name. */
  readonly names: readonly string[] | undefined;
}

const known = new WeakMap<WorldView, SecretReaders>();

/**
 * Who may read the Secrets of a cluster, from its roles and bindings.
 *
 * @param isWhole whether these are all of them.
 */
export function secretReaders(rbac: WorldView, isWhole: boolean): SecretReaders {
  let readers = known.get(rbac);
  if (readers === undefined) {
    readers = new Readers(rbac, isWhole);
    known.set(rbac, readers);
  }
  return readers;
}

class Readers implements SecretReaders {
  /** By namespace; under the empty one those of the whole cluster. */
  private readonly byNamespace = new Map<string, Reader[]>();
  /** Who may read every Secret of a namespace. */
  private readonly ofAll = new Map<string, readonly string[]>();
  private readonly isWhole: boolean;

  constructor(rbac: WorldView, isWhole: boolean) {
    this.isWhole = isWhole;
    const index = rbac.get(effectiveRules);
    for (const subject of index.subjects)
      for (const grant of index.grantsOf(subject)) {
        // What a subject has through its groups is told of the groups.
        if (!subjectsOf(grant.binding).some((each) => subjectKey(each) === subjectKey(subject))) continue;
        for (const rule of grant.rules) this.add(grant, rule, subject);
      }
  }

  of(namespace: string, name: string): readonly string[] {
    const everywhere = this.readers(namespace);
    const special = everywhere.filter(({ names }) => names?.includes(name) === true);
    let ofAll = this.ofAll.get(namespace);
    if (ofAll === undefined) {
      ofAll = this.sorted(everywhere.filter(({ names }) => names === undefined).map(({ who }) => who));
      this.ofAll.set(namespace, ofAll);
    }
    if (special.length === 0) return ofAll;
    return this.sorted([...ofAll.filter((who) => who !== NOT_SHOWN), ...special.map(({ who }) => who)]);
  }

  grantsOf(namespace: string, name: string): readonly ReadGrant[] {
    const byBinding = new Map<string, Reader>();
    for (const reader of this.readers(namespace)) {
      if (reader.names?.includes(name) === false) continue;
      const key = `${reader.who}|${reader.binding.id}`;
      const verbs = new Set([...(byBinding.get(key)?.verbs ?? []), ...reader.verbs]);
      byBinding.set(key, { ...reader, verbs: VERBS.filter((verb) => verbs.has(verb)) });
    }
    return [...byBinding.values()].sort(
      (a, b) => rankOf(a.who) - rankOf(b.who) || (a.who < b.who ? -1 : a.who > b.who ? 1 : 0),
    );
  }

  private readers(namespace: string): readonly Reader[] {
    return [...(this.byNamespace.get('') ?? []), ...(this.byNamespace.get(namespace) ?? [])];
  }

  private sorted(subjects: readonly string[]): readonly string[] {
    const sorted = [...new Set(subjects)].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
    return this.isWhole ? sorted : [...sorted, NOT_SHOWN];
  }

  private add({ namespace, binding, role }: Grant, rule: Rule, subject: Subject): void {
    const [name] = rule.resourceNames;
    const verbs = VERBS.filter((verb) =>
      allowsResource(rule, { verb, group: '', resource: 'secrets', ...(name !== undefined && { name }) }),
    );
    if (verbs.length === 0) return;
    const names = name === undefined ? undefined : rule.resourceNames;
    const reader = { who: subjectName(subject), names, subject, verbs, binding, role };
    const others = this.byNamespace.get(namespace);
    if (others === undefined) this.byNamespace.set(namespace, [reader]);
    else others.push(reader);
  }
}

const VERBS = ['get', 'list', 'watch'];

function subjectName({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `ServiceAccount ${namespace}/${name}` : `${kind} ${name}`;
}

/** What every cluster has of its own comes last. */
function rankOf(who: string): number {
  return /^(?:User|Group) system:|^ServiceAccount kube-system\//.test(who) ? 1 : 0;
}
