import { AppError, type Control, FINDING_FIELDS, queryForValues } from '@bulwark/core';
import {
  addComment,
  clusterFacts,
  type FindingGroupRecord,
  findFinding,
  listFindings,
  listUsers,
  type Triage,
  triage,
} from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { mustBeSomebody } from './assignee.ts';
import { countsOf, iso, kindOf, scopeFor, severityOf } from './convert.ts';
import { exportFindings } from './export.ts';
import { findingDetail } from './finding-detail.ts';
import { findingItem, type KeepingSettings } from './finding-item.ts';
import { groupedFindings } from './grouped-findings.ts';
import { listRequestOf } from './list-request.ts';
import { queueHandlers } from './queue.ts';

/** Findings: lists, groups, the queue, one in full, and what people decide about them. */
export function findingHandlers(
  settings: KeepingSettings,
): Handlers<
  | 'listFindings'
  | 'groupFindings'
  | 'exportFindings'
  | 'getFinding'
  | 'triageFindings'
  | 'listAssignees'
  | 'commentFinding'
  | 'getQueue'
> {
  const { store, controls } = settings;
  return {
    listFindings: async ({ query }, { caller, now }) => {
      const request = listRequestOf(query, FINDING_FIELDS, now);
      const page = await listFindings(store, scopeFor(caller, query.cluster, query.namespace), request);
      const shown = { controls, now: request.now };
      return { ...page, items: page.items.map((record) => findingItem(record, shown)) };
    },
    groupFindings: async ({ query }, { caller, now }) => {
      const request = listRequestOf(query, FINDING_FIELDS, now);
      const scope = scopeFor(caller, query.cluster, query.namespace);
      const [groups, clusters] = await Promise.all([
        groupedFindings(settings, scope, query.by, request),
        clusterFacts(store, scope),
      ]);
      const nameOf = (id: number | undefined) =>
        clusters.length > 1 ? clusters.find((cluster) => cluster.id === id)?.name : undefined;
      return {
        items: groups.map((group) => groupItem(group, { by: query.by, controls, nameOf })),
        next: null,
        total: groups.length,
      };
    },
    exportFindings: async ({ query }, context) => {
      await exportFindings(settings, query, context);
      return undefined;
    },
    getFinding: async ({ params, query }, { caller, now }) => {
      const scope = scopeFor(caller, params.cluster);
      const asOf = query.asOf === undefined ? undefined : new Date(query.asOf);
      const record = await findFinding(store, scope, { ...params, asOf });
      if (record === undefined) throw new AppError('not-found');
      return findingDetail(record, { ...settings, scope, asOf, now });
    },
    triageFindings: async ({ body }, { caller, now }) => {
      await mustBeSomebody(store, body.assignee, caller);
      const visible = await Promise.all(
        body.findings.map(async (key) =>
          (await findFinding(store, scopeFor(caller, key.cluster), key)) === undefined ? [] : [key],
        ),
      );
      return {
        changed: await triage(store, visible.flat(), {
          ...triageOf(body, now),
          author: caller.user,
          at: now,
        }),
      };
    },
    listAssignees: async () => ({ items: (await listUsers(store)).map(({ name }) => ({ name })) }),
    commentFinding: async ({ params, body }, { caller, now }) => {
      if ((await findFinding(store, scopeFor(caller, params.cluster), params)) === undefined)
        throw new AppError('not-found');
      return { id: await addComment(store, params, { author: caller.user, at: now, text: body.text }) };
    },
    ...queueHandlers(settings),
  };
}

interface TriageBody {
  readonly assignee?: string | null | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly deferredUntil?: string | null | undefined;
}

/**
 * What is to be set, as the store takes it.
 *
 * @throws AppError `bad-request` where it is to be deferred until a moment that has come.
 */
export function triageOf({ assignee, acknowledged, deferredUntil }: TriageBody, now: Date): Triage {
  const until = typeof deferredUntil === 'string' ? new Date(deferredUntil) : deferredUntil;
  if (until instanceof Date && until <= now)
    throw new AppError('bad-request', {
      detail: `The moment until which findings are deferred has to come yet: it is ${iso(now)}.`,
      errors: [{ path: 'deferredUntil', message: `${iso(until)} is over` }],
    });
  return { assignee, acknowledged, deferredUntil: until };
}

function groupQuery(key: string, by: string, cluster: string | undefined): string {
  // A name of access rights may hold the separator.
  const [, first = '', namespace = '', ...name] = key.split('|');
  const place = cluster === undefined ? {} : { cluster };
  switch (by) {
    case 'workload':
      return queryForValues({ ...place, namespace, kind: kindOf(first), name: name.join('|') });
    case 'namespace':
      return queryForValues({ ...place, namespace: first });
    case 'owner':
      return queryForValues({ owner: key });
    default:
      return queryForValues({ control: key });
  }
}

function groupTitle(key: string, by: string, controls: ReadonlyMap<string, Control>): string {
  const parts = key.split('|');
  if (by === 'control') return controls.get(key)?.title ?? key;
  if (by === 'owner') return key === '' ? 'nobody' : key;
  if (by === 'namespace') return (parts[1] ?? '') === '' ? 'cluster-scoped objects' : (parts[1] ?? '');
  const [, kind = '', namespace = '', name = ''] = parts;
  return `${namespace === '' ? '' : `${namespace} / `}${kind.replace(/^.*\//, '')} ${name}`;
}

function groupItem(
  group: FindingGroupRecord,
  {
    by,
    controls,
    nameOf,
  }: {
    readonly by: string;
    readonly controls: ReadonlyMap<string, Control>;
    /** The name of a cluster where it has to be told from others. */
    readonly nameOf: (id: number | undefined) => string | undefined;
  },
) {
  const isOfOne = by === 'workload' || by === 'namespace';
  const cluster = isOfOne ? nameOf(group.clusters[0]) : undefined;
  const title = groupTitle(group.key, by, controls);
  return {
    key: group.key,
    query: groupQuery(group.key, by, cluster),
    title: cluster === undefined ? title : `${title} in ${cluster}`,
    severity: severityOf(group.severity),
    findings: group.findings,
    objects: group.objects,
    counts: countsOf(group.counts),
    owners: [...group.owners],
    oldest: iso(group.oldest),
  };
}
