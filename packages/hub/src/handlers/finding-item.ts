import type { Control } from '@bulwark/core';
import type { FindingRecord, Store } from '@bulwark/store';
import { clusterOf, iso, isoOrNull, refOf, severityOf } from './convert.ts';
import type { KeptAnswers } from './kept-answers.ts';

export interface FindingSettings {
  readonly store: Store;
  readonly controls: ReadonlyMap<string, Control>;
}

/** What lists that cost much are given as well. */
export interface KeepingSettings extends FindingSettings {
  readonly answers: KeptAnswers;
}

/** What a finding is shown with. */
interface Shown extends Pick<FindingSettings, 'controls'> {
  /** The moment that it is shown as of, at which a deferral has ended or not. */
  readonly now: Date;
}

/** A finding as the API gives it. A deferral that has ended is none. */
export function findingItem(record: FindingRecord, { controls, now }: Shown) {
  const { deferredUntil } = record;
  const decision = (stored: FindingRecord['exception']) =>
    stored && {
      id: stored.id,
      reason: stored.reason,
      owner: stored.owner,
      until: stored.until,
      origin: stored.origin,
      annotation: stored.annotation ?? null,
      approvedBy: stored.approvedBy ?? null,
      refusedBy: stored.refusedBy ?? null,
    };
  return {
    cluster: clusterOf(record),
    fingerprint: record.fingerprint,
    control: record.control,
    title: controls.get(record.control)?.title ?? record.control,
    severity: severityOf(record.severity),
    state: record.state,
    message: record.message,
    resource: refOf(record),
    container: record.container,
    path: record.path,
    owner: record.team,
    environment: record.environment,
    criticality: record.criticality,
    fixable: record.fixable,
    firstSeen: iso(record.firstSeen),
    since: iso(record.since),
    resolvedAt: isoOrNull(record.resolvedAt),
    exception: decision(record.exception),
    requested: decision(record.requested),
    assignee: record.assignee,
    acknowledged: record.acknowledged,
    deferredUntil: deferredUntil !== null && deferredUntil > now ? iso(deferredUntil) : null,
  };
}
