import {
  type FindingGroup,
  groupFindings,
  isAtLeast,
  openFindings,
  type ScanReport,
  type Severity,
} from '@bulwark/core';
import type { ReportOptions } from '../report-format.ts';

const MOST_GROUPS = 20;
const FOLDED_SEVERITIES = ['low', 'info'] as const satisfies readonly Severity[];

/** What of the findings is shown, and what is only counted. */
export interface FoldedFindings {
  readonly shown: readonly FindingGroup[];
  /** Groups beyond the most that are shown. */
  readonly beyond: readonly FindingGroup[];
  /** Groups of little weight, by severity. */
  readonly minor: readonly { readonly severity: Severity; readonly groups: readonly FindingGroup[] }[];
  /** Findings in no group, because a more precise control says the same of the same place. */
  readonly repeated: number;
}

/** How many findings groups hold. */
export function findingsIn(groups: readonly FindingGroup[]): number {
  return groups.reduce((total, { findings }) => total + findings.length, 0);
}

/**
 * Chooses what a report shows. Low and informative findings are folded, unless they are what makes the scan fail: a
 * build must never fail on something that its report hides.
 */
export function foldFindings(
  { findings, controls, ranks }: ScanReport,
  options: ReportOptions,
): FoldedFindings {
  const groups = groupFindings(findings, controls, ranks);
  const repeated = openFindings(findings).length - findingsIn(groups);
  if (options.showAll) return { shown: groups, beyond: [], minor: [], repeated };
  const { failOn } = options;
  const isFolded = ({ control: { severity } }: FindingGroup): boolean =>
    FOLDED_SEVERITIES.some((folded) => folded === severity) &&
    (failOn === 'never' || !isAtLeast(severity, failOn));
  const major = groups.filter((group) => !isFolded(group));
  const minor = FOLDED_SEVERITIES.map((severity) => ({
    severity,
    groups: groups.filter((group) => group.control.severity === severity && isFolded(group)),
  })).filter((folded) => folded.groups.length > 0);
  return { shown: major.slice(0, MOST_GROUPS), beyond: major.slice(MOST_GROUPS), minor, repeated };
}
