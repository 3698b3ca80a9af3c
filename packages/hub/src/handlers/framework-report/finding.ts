import type { FrameworkReport } from '@bulwark/api';
import { type Framework, redactText } from '@bulwark/core';
import { type ExceptionRecord, type FindingRecord, listExceptions, type Store } from '@bulwark/store';
import { findingItem } from '../finding-item.ts';

/** A finding as a report has it. */
export type ReportedFinding = FrameworkReport['findings'][number];

/** What is looked up for each finding of a report. */
export interface Lookups {
  /** Ids of requirements by control. */
  readonly requirements: ReadonlyMap<string, readonly string[]>;
  /** The hub's own exceptions by number. */
  readonly exceptions: ReadonlyMap<number, ExceptionRecord>;
  readonly now: Date;
}

/** Reads what a framework's findings need beside themselves. */
export async function lookupsOf(store: Store, { requirements }: Framework, now: Date): Promise<Lookups> {
  const byControl = new Map<string, string[]>();
  for (const { id, coverage } of requirements)
    for (const control of coverage.kind === 'automated' ? coverage.controls : [])
      byControl.set(control, [...(byControl.get(control) ?? []), id]);
  const exceptions = await listExceptions(store);
  return { requirements: byControl, exceptions: new Map(exceptions.map((each) => [each.id, each])), now };
}

/** A finding for a report. What people wrote is searched for secrets once more, as rules may have come since. */
export function reportedFinding(
  record: FindingRecord,
  { requirements, exceptions, now }: Lookups,
): ReportedFinding {
  const item = findingItem(record, { controls: new Map(), now });
  const exceptionOf = (exception: typeof item.exception): ReportedFinding['exception'] => {
    if (exception === null) return null;
    const own = exception.id === null ? undefined : exceptions.get(exception.id);
    return {
      ...exception,
      reason: redactText(exception.reason),
      refusedBy: exception.refusedBy ?? null,
      approvedBy: exception.approvedBy ?? own?.approvedBy ?? null,
      createdBy: own?.request === null ? own.createdBy : null,
    };
  };
  return {
    cluster: item.cluster,
    requirements: [...(requirements.get(item.control) ?? [])],
    fingerprint: item.fingerprint,
    control: item.control,
    severity: item.severity,
    state: item.state,
    resource: item.resource,
    container: item.container,
    path: item.path,
    message: redactText(item.message),
    owner: item.owner,
    firstSeen: item.firstSeen,
    since: item.since,
    exception: exceptionOf(item.exception),
    requested: exceptionOf(item.requested),
  };
}
