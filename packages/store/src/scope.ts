import { type RawBuilder, sql } from 'kysely';

declare const brand: unique symbol;

/** What a question may look at. Every reading function takes one, and only `scopeOf` makes one. */
export interface Scope {
  readonly [brand]: true;
  readonly clusters: 'all' | readonly number[];
  /** By name. */
  readonly namespaces: 'all' | readonly string[];
  /** The namespaces as they were given: names, and patterns with * that also take what is not there yet. */
  readonly given: 'all' | readonly string[];
}

/**
 * The scope of a caller's limits; whoever makes one answers for whose limits they are. What is no name of a namespace, such as
 * a pattern that nobody has resolved, lets nothing be seen.
 */
export function scopeOf(
  limits: Pick<Scope, 'clusters' | 'namespaces'> & Partial<Pick<Scope, 'given'>>,
): Scope {
  const { clusters, namespaces, given = namespaces } = limits;
  return { clusters, namespaces, given } as Scope;
}

/** The same scope, narrowed to one cluster. */
export function within(scope: Scope, cluster: number | undefined): Scope {
  if (cluster === undefined) return scope;
  const isSeen = scope.clusters === 'all' || scope.clusters.includes(cluster);
  return { ...scope, clusters: isSeen ? [cluster] : [] };
}

/** The same scope, narrowed to one namespace: what belongs to none is not in it. */
export function withinNamespace(scope: Scope, namespace: string | undefined): Scope {
  if (namespace === undefined) return scope;
  const isSeen = scope.namespaces === 'all' || scope.namespaces.includes(namespace);
  const namespaces = isSeen ? [namespace] : [];
  return { ...scope, namespaces, given: namespaces };
}

/** SQL for the namespaces of a scope in a relation `t`. */
export function inNamespaces(
  { namespaces }: Scope,
  namespace: RawBuilder<unknown> = sql`t.namespace`,
): RawBuilder<boolean> {
  return namespaces === 'all'
    ? sql<boolean>`true`
    : sql<boolean>`${namespace} = any(${[...namespaces]}::text[])`;
}

/** SQL for the clusters of a scope. */
export function inClusters(
  { clusters }: Scope,
  cluster: RawBuilder<unknown> = sql`t.cluster_id`,
): RawBuilder<boolean> {
  return clusters === 'all' ? sql<boolean>`true` : sql<boolean>`${cluster} = any(${[...clusters]}::int[])`;
}

/** SQL for what a scope holds of a relation `t` with cluster_id and namespace. */
export function inScope(scope: Scope, namespace?: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${inClusters(scope)} and ${inNamespaces(scope, namespace)})`;
}
