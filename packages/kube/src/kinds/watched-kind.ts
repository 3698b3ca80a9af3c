import { type GroupKind, groupKindOf } from '@bulwark/core';

/** A kind that is collected from every cluster that serves it. */
export interface WatchedKind {
  readonly group: string;
  readonly kind: string;
  /** Its name in paths and in RBAC rules. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Who defines it. */
  readonly project: string;
  /** What it says about security, as a sentence. */
  readonly why: string;
  /** Collected only when secrets are asked for. */
  readonly isSecret?: true;
  /** How many are listed at once, where objects are large. */
  readonly pageSize?: number;
  /** Which of its objects are collected, as the API server takes it; all where it is undefined. */
  readonly labelSelector?: string;
}

/** `apps/Deployment`, or `Pod` for the core group. */
export function groupKindOfWatched({ group, kind }: Pick<WatchedKind, 'group' | 'kind'>): GroupKind {
  return groupKindOf(group, kind);
}

/** Kind, name in paths, why; the name alone where objects are cluster-scoped. */
export type KindRow = readonly [kind: string, resource: string, scope: 'namespaced' | 'cluster', why: string];

/** The kinds of one API group. */
export function kindsOfGroup(project: string, group: string, rows: readonly KindRow[]): WatchedKind[] {
  return rows.map(([kind, resource, scope, why]) => ({
    group,
    kind,
    resource,
    namespaced: scope === 'namespaced',
    project,
    why,
  }));
}
