import type { GroupKind } from '@bulwark/core';
import type { Discovery, ServedKind } from '../discovery/served-kind.ts';
import { groupKindOfWatched, type WatchedKind } from './watched-kind.ts';

/** A kind that is collected from a cluster. */
export interface CollectedKind extends ServedKind {
  /** Who defines it; empty for kinds that were found by their pod template. */
  readonly project: string;
  readonly why: string;
  readonly isSecret: boolean;
  /** How many are listed at once. */
  readonly pageSize: number;
  /** Which of its objects are collected, as the API server takes it; all where it is undefined. */
  readonly labelSelector?: string;
}

/** What is to be collected from a cluster, and what is not. */
export interface KindPlan {
  readonly collected: readonly CollectedKind[];
  /** Served, and only collected when secrets are asked for. */
  readonly withheld: readonly CollectedKind[];
  /** Known, and not served by this cluster. */
  readonly absent: readonly WatchedKind[];
  /** Served, and not looked at. */
  readonly unwatched: readonly ServedKind[];
}

/** What a plan follows from. */
export interface PlanInput {
  readonly kinds: readonly WatchedKind[];
  readonly discovery: Discovery;
  /** Custom kinds whose definition shows a pod template. */
  readonly templates: ReadonlySet<GroupKind>;
  readonly secrets: boolean;
}

const PAGE = 500;
/** Runs of workflows and pipelines keep their status in themselves, up to a megabyte and a half of each. */
const CUSTOM_PAGE = 50;
const TEMPLATE = 'Its definition shows a pod template.';

/** Decides what is collected: the known kinds that are served, in their order, then custom kinds with a pod template. */
export function planKinds({ kinds, discovery, templates, secrets }: PlanInput): KindPlan {
  const served = new Map(discovery.kinds.map((kind) => [kind.groupKind, kind]));
  const collected: CollectedKind[] = [];
  const withheld: CollectedKind[] = [];
  const absent: WatchedKind[] = [];
  for (const watched of kinds) {
    const kind = served.get(groupKindOfWatched(watched));
    if (kind === undefined) {
      if (watched.isSecret !== true || secrets) absent.push(watched);
      continue;
    }
    served.delete(kind.groupKind);
    const { project, why, isSecret = false, pageSize = PAGE, labelSelector } = watched;
    const some = labelSelector === undefined ? {} : { labelSelector };
    (isSecret && !secrets ? withheld : collected).push({
      ...kind,
      project,
      why,
      isSecret,
      pageSize,
      ...some,
    });
  }
  const unwatched: ServedKind[] = [];
  for (const kind of served.values())
    if (templates.has(kind.groupKind))
      collected.push({ ...kind, project: '', why: TEMPLATE, isSecret: false, pageSize: CUSTOM_PAGE });
    else unwatched.push(kind);
  return { collected, withheld, absent, unwatched };
}
