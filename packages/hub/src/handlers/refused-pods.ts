import { nameInQuery } from '@bulwark/core';
import { type PodMaker, podMakersOf, type Scope, type Store, sharedKindNames } from '@bulwark/store';
import { kindOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import { type Level, refusedBy } from './pod-security.ts';

/** A namespace, the level that it enforces, and the controls that each body of what runs in it fails. */
interface EnforcedNamespace {
  readonly clusterId: number;
  readonly namespace: string;
  /** Null for no label, which refuses nothing. */
  readonly level: Level | null;
  readonly failed: ReadonlyMap<string, readonly string[]>;
}

/** Something that makes pods which the level of its namespace refuses. */
export interface Refused {
  readonly kind: string;
  readonly group: string;
  readonly kindInQueries: string;
  readonly name: string;
  /** The controls of the level that it fails. */
  readonly controls: readonly string[];
}

/**
 * What each namespace would refuse from now on, by name. Enforcement looks at pods when they are made (Pod Security
 * Admission): what runs already runs on, and its next pods are refused.
 */
export async function refusedIn(
  store: Store,
  scope: Scope,
  namespaces: readonly EnforcedNamespace[],
  asOf: Date | undefined,
): Promise<readonly (readonly Refused[])[]> {
  const refusing = namespaces.map(({ level, failed }) => controlsByBody(level, failed));
  const bodies = [...new Set(refusing.flatMap((controls) => [...controls.keys()]))];
  const [makers, shared] = await Promise.all([
    podMakersOf(store, scope, {
      clusters: [...new Set(namespaces.map(({ clusterId }) => clusterId))],
      namespaces: namespaces.map(({ namespace }) => namespace),
      bodies,
      asOf,
    }),
    sharedKindNames(store, scope),
  ]);
  const byNamespace = groupBy(makers, keyOf);
  return namespaces.map((each, index) =>
    refusedOf(byNamespace.get(keyOf(each)) ?? [], refusing[index] ?? new Map(), shared),
  );
}

function keyOf({ clusterId, namespace }: Pick<PodMaker, 'clusterId' | 'namespace'>): string {
  return `${clusterId}|${namespace}`;
}

/** The controls for which a level refuses the pods of a body, by its hash, without the bodies that pass. */
function controlsByBody(
  level: Level | null,
  failed: EnforcedNamespace['failed'],
): ReadonlyMap<string, readonly string[]> {
  if (level === null) return new Map();
  return new Map(
    [...failed]
      .map(([hash, controls]) => [hash, refusedBy(level, controls)] as const)
      .filter(([, controls]) => controls.length > 0),
  );
}

function refusedOf(
  makers: readonly PodMaker[],
  refusing: ReadonlyMap<string, readonly string[]>,
  sharedKinds: ReadonlySet<string>,
): readonly Refused[] {
  const own = makers.filter(({ bodyHash }) => refusing.has(bodyHash));
  return [...groupBy(own, ({ kind, name }) => `${kind}|${name}`).values()].flatMap((bodies) => {
    const [first] = bodies;
    if (first === undefined) return [];
    const controls = [...new Set(bodies.flatMap(({ bodyHash }) => refusing.get(bodyHash) ?? []))];
    const group = first.kind.slice(0, Math.max(0, first.kind.lastIndexOf('/')));
    const kindInQueries = nameInQuery(first.kind, sharedKinds);
    return [{ kind: kindOf(first.kind), group, kindInQueries, name: first.name, controls }];
  });
}
