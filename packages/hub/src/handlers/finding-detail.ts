import { FRAMEWORKS } from '@bulwark/controls';
import { queryOfValues, requirementsOf } from '@bulwark/core';
import {
  commentsOf,
  type FindingInterval,
  type FindingRecord,
  findingHistory,
  findingVersions,
  listFindings,
  openByControl,
  requestIdOf,
  type Scope,
  type Store,
  triageEvents,
} from '@bulwark/store';
import type { Limits } from '../access/limits.ts';
import { iso, isoOrNull } from './convert.ts';
import { fixOf } from './finding-fix.ts';
import { type FindingSettings, findingItem } from './finding-item.ts';
import { findingObject } from './finding-object.ts';
import { decidersOf, timelineOf } from './finding-timeline.ts';
import { actorItem } from './inventory-items.ts';
import { objectYaml } from './object-yaml.ts';

/** Most siblings that are named; the others are behind a link. */
const MOST_SIBLINGS = 8;

interface DetailSettings extends FindingSettings {
  readonly scope: Scope;
  /** Of whoever asks, as they were given. */
  readonly limits: Limits;
  readonly asOf: Date | undefined;
  readonly now: Date;
}

/** One finding with all that is known of it: evidence, remedy, history, where else it is. */
export async function findingDetail(record: FindingRecord, settings: DetailSettings) {
  const { store, controls, scope, limits, asOf, now } = settings;
  const { clusterId: cluster, fingerprint } = record;
  const item = findingItem(record, { controls, now: asOf ?? now });
  const [found, history, versions, decided, comments, open, others, requested] = await Promise.all([
    findingObject(record, settings),
    findingHistory(store, scope, cluster, fingerprint),
    findingVersions(store, scope, { cluster, fingerprint }),
    triageEvents(store, { cluster, fingerprint }),
    commentsOf(store, { cluster, fingerprint }),
    openByControl(store, scope, asOf),
    siblingsOf(record, settings),
    withNumber(item.requested, record, store),
  ]);
  const deciders = await decidersOf(store, versions, limits);
  const yaml = found === undefined ? null : objectYaml(found.object, record.path);
  const fix =
    yaml !== null && isMendable(record, found)
      ? await fixOf({ store, scope, controls, finding: record, yaml: yaml.text, asOf })
      : null;
  const control = controls.get(record.control);
  const by = (change: FindingInterval['openedBy']) =>
    change === null ? null : { change: change.change, actor: actorItem(change.actor) };
  return {
    ...item,
    requested,
    rationale: control?.rationale ?? '',
    remediation: control?.remediation ?? '',
    references: [...(control?.references ?? [])],
    frameworks: requirementsOf(record.control, FRAMEWORKS),
    attack: [...(control?.attack ?? [])],
    yaml,
    fix,
    history: historyBy(history, asOf).map(({ from, to, openedBy, resolvedBy }) => ({
      from: iso(from),
      to: isoOrNull(to),
      openedBy: by(openedBy),
      resolvedBy: by(resolvedBy),
    })),
    timeline: timelineOf({ versions, triage: decided, comments, deciders }).filter(({ at }) =>
      isBy(new Date(at), asOf),
    ),
    siblings: Math.max(0, (open.get(record.control) ?? 0) - (record.state === 'open' ? 1 : 0)),
    affected: others,
    comments: comments
      .filter(({ at }) => isBy(at, asOf))
      .map(({ id, author, at, text }) => ({ id, author, at: iso(at), text })),
  };
}

/** What makes pods is not there to be mended where these alone tell what it makes. */
function isMendable(record: FindingRecord, found: Awaited<ReturnType<typeof findingObject>>): boolean {
  return record.state !== 'resolved' && found?.isOfPods === false;
}

/** Whether something had happened by a moment, or by now. */
function isBy(at: Date | null, asOf: Date | undefined): boolean {
  return at === null || asOf === undefined || at <= asOf;
}

/** What of a history had happened by a moment: what ended later had not ended. */
function historyBy(history: readonly FindingInterval[], asOf: Date | undefined): readonly FindingInterval[] {
  return history
    .filter(({ from }) => isBy(from, asOf))
    .map((interval) => (isBy(interval.to, asOf) ? interval : { ...interval, to: null, resolvedBy: null }));
}

type Request = ReturnType<typeof findingItem>['requested'];

/** A request with its number, by which it can be answered: nothing but the list of exceptions has it before. */
async function withNumber(requested: Request, record: FindingRecord, store: Store): Promise<Request> {
  if (requested === null || requested.id !== null || requested.annotation === null) return requested;
  const { clusterId: cluster, kind, namespace, name, control } = record;
  const { reason, until } = requested;
  const id = await requestIdOf(store, { cluster, kind, namespace, name, control, reason, until });
  return { ...requested, id: id ?? null };
}

/** Other findings of the same control in the cluster, the worst and the nearest first. */
async function siblingsOf(record: FindingRecord, { store, controls, scope, asOf, now }: DetailSettings) {
  const query = queryOfValues({ control: record.control });
  const request = { query, limit: MOST_SIBLINGS + 1, now: asOf ?? now, asOf, sort: undefined };
  const { items } = await listFindings(store, scope, request);
  return items
    .filter(({ fingerprint }) => fingerprint !== record.fingerprint)
    .slice(0, MOST_SIBLINGS)
    .map((item) => findingItem(item, { controls, now: request.now }))
    .map(({ fingerprint, severity, resource, container, owner }) => ({
      fingerprint,
      severity,
      resource,
      container,
      owner,
    }));
}
