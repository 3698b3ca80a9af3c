import { type Finding, groupFindings, type ScanReport, type Severity, severityRank } from '@bulwark/core';
import { KINDS, type Kind } from './command.ts';

const KIND_OF: Readonly<Record<Severity, Kind>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** The findings that are annotated, by kind, and how many of each kind are not. */
export interface Chosen {
  readonly kind: Kind;
  readonly findings: readonly Finding[];
  readonly left: number;
}

/** How many annotations of each kind there is room for. */
export type Room = Readonly<Record<Kind, number>>;

/**
 * Chooses the findings that get an annotation: the worst first, and among equals one of each root cause before a second
 * of any, so that a control that fails everywhere hides no other. Excepted findings ask for nothing and get none.
 */
export function chooseFindings({ findings, controls, ranks }: ScanReport, room: Room): Chosen[] {
  const ranked = groupFindings(findings, controls, ranks)
    .flatMap((group) => group.findings.map((finding, turn) => ({ finding, turn })))
    .sort((a, b) => severityRank(a.finding.severity) - severityRank(b.finding.severity) || a.turn - b.turn)
    .map(({ finding }) => finding);
  return KINDS.map((kind) => {
    const ofKind = ranked.filter(({ severity }) => KIND_OF[severity] === kind);
    const chosen = ofKind.slice(0, room[kind]);
    return { kind, findings: chosen, left: ofKind.length - chosen.length };
  });
}
