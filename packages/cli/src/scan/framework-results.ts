import {
  type CoverageCode,
  type CoverageEntry,
  frameworkResult,
  kindFamily,
  type ScanReport,
  type Verdict,
  withExcepted,
} from '@bulwark/core';
import type { Tally } from './judge-files.ts';
import type { ScanRequest } from './scan.ts';

/** What was judged, as frameworks are added up from it. */
interface Counted {
  readonly tallies: readonly Tally[];
  /** All of them, the accepted ones included. */
  readonly findings: ScanReport['findings'];
  readonly coverage: readonly CoverageEntry[];
}

/** The results of the frameworks that were asked for. */
export function frameworkResults(
  { frameworks, controls, excluded }: Pick<ScanRequest, 'frameworks' | 'controls' | 'excluded'>,
  { tallies, findings, coverage }: Counted,
): ScanReport['frameworks'] {
  const counts = new Map<string, Record<Verdict, number>>();
  for (const tally of tallies)
    for (const [control, added] of tally.counts) {
      const total = counts.get(control);
      if (total === undefined) counts.set(control, { ...added });
      else for (const [verdict, count] of Object.entries(added)) total[verdict as Verdict] += count;
    }
  const families = new Map(controls.map((control) => [control.id, kindFamily(control)]));
  const lost = lostText(coverage);
  const known = {
    ran: new Set(controls.map((control) => control.id)),
    familyOf: (control: string) => families.get(control),
    whyNot: (control: string) =>
      excluded.has(control) ? 'was left out by --exclude' : 'was not among the controls that were chosen',
    ...(lost !== undefined && { lost }),
  };
  const decided = withExcepted(counts, findings);
  return frameworks.map((framework) => frameworkResult(framework, decided, known));
}

/** Losses that are no objects which may be anything: a verdict says so itself, or there is nothing to be lost. */
const NO_OBJECTS: readonly CoverageCode[] = [
  'control-error',
  'empty-namespace',
  'no-object',
  'unanswered-group',
];

/** What was not read, as a clause; undefined for nothing. */
function lostText(coverage: readonly CoverageEntry[]): string | undefined {
  const lost = coverage.filter(({ code, kind }) => kind === 'lost' && !NO_OBJECTS.includes(code));
  if (lost.length === 0) return undefined;
  const [first] = lost.flatMap(({ file }) => file ?? []);
  const such = first === undefined ? '' : lost.length === 1 ? `: ${first}` : `, such as ${first}`;
  return `${lost.length} ${lost.length === 1 ? 'part' : 'parts'} of the input could not be judged${such}`;
}
