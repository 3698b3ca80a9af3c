import {
  type FindingGroupRecord,
  groupFindings,
  type ListRequest,
  type Scope,
  type Times,
} from '@bulwark/store';
import type { KeepingSettings } from './finding-item.ts';

/** Of one list. */
export const MOST_GROUPS = 500;

/** Groups of findings, as they are kept for all who ask for the same. */
export function groupedFindings(
  { store, answers }: Pick<KeepingSettings, 'store' | 'answers'>,
  scope: Scope,
  by: Parameters<typeof groupFindings>[2],
  asked: ListRequest & Times,
): Promise<readonly FindingGroupRecord[]> {
  const request = { ...asked, limit: MOST_GROUPS, sort: undefined, cursor: undefined };
  return answers.of({ list: ['groups', by], scope, request, topics: ['findings', 'triage'] }, () =>
    groupFindings(store, scope, by, request),
  );
}
