import type { Control, Severity } from './control.ts';
import { SEVERITIES, severityRank } from './control.ts';
import type { CoverageEntry } from './coverage.ts';
import type { ExceptionUse } from './exception.ts';
import type { Finding } from './finding.ts';
import type { Framework, FrameworkResult } from './framework.ts';
import { groupKindOf, groupOf } from './group-kind.ts';
import type { Rank } from './rank.ts';
import type { ResourceRef } from './resource.ts';
import type { Verdict } from './verdict.ts';

/** One control's verdict on one resource. */
export interface VerdictRecord {
  readonly control: string;
  readonly resource: ResourceRef;
  readonly verdict: Verdict;
  readonly reason?: string;
}

/** What was read and judged. */
export interface ScanTotals {
  readonly files: number;
  readonly documents: number;
  readonly resources: number;
  /** As `countWorkloads` counts them. */
  readonly workloads: number;
}

/** Everything a scan found out; what every report format prints. */
export interface ScanReport {
  readonly version: string;
  readonly kubernetes: string;
  readonly inputs: readonly string[];
  /** The controls that ran. */
  readonly controls: readonly Control[];
  /** Worst first, then by control, file and line. */
  readonly findings: readonly Finding[];
  /** Every exception that was looked at, with the findings it covers. */
  readonly exceptions: readonly ExceptionUse[];
  /** How many findings `--min-severity` left out. */
  readonly withheld: number;
  /** Only on demand. */
  readonly verdicts?: readonly VerdictRecord[];
  readonly frameworks: readonly FrameworkResult[];
  /** Every framework there is, whether asked for or not: what the controls mean in them. */
  readonly knownFrameworks: readonly Framework[];
  /** How important each root cause is, by control. */
  readonly ranks?: ReadonlyMap<string, Rank>;
  readonly coverage: readonly CoverageEntry[];
  readonly totals: ScanTotals;
}

/** The findings that ask for something: those that no exception accepts. */
export function openFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.some(({ exception }) => exception !== undefined)
    ? findings.filter(({ exception }) => exception === undefined)
    : findings;
}

/** Findings of one root cause: one control, wherever it is violated. */
export interface FindingGroup {
  readonly control: Control;
  readonly findings: readonly Finding[];
  /** How many different objects have to change. */
  readonly subjects: number;
  /** Where root causes were ranked. */
  readonly rank?: Rank;
}

/** The container that a finding lies in, or its pod or object: two files may each have one of the same name. */
function partKey({ resource, file }: Finding, container: string | undefined): string {
  const { apiVersion, kind, namespace, name } = resource;
  return [apiVersion, kind, namespace, name, file ?? '', container ?? ''].join('|');
}

/** The key of the object, as in a World. */
function objectKey({ resource: { apiVersion, kind, namespace, name } }: Finding): string {
  return `${groupKindOf(groupOf(apiVersion), kind)}|${namespace}|${name}`;
}

function subjectKey({ resource, file }: Finding): string {
  return `${resource.apiVersion}|${resource.kind}|${resource.namespace}|${resource.name}|${file ?? ''}`;
}

/** What findings of some controls say better than those of others: by the control that is said better, keys and who says it. */
type Said = Map<string, Map<string, string>>;

function say(said: Said, control: string, { key, by }: { readonly key: string; readonly by: string }): void {
  const keys = said.get(control);
  if (keys === undefined) said.set(control, new Map([[key, by]]));
  else if (!keys.has(key)) keys.set(key, by);
}

/**
 * What findings say of the objects that cause them: by control the keys of the objects of which its findings are the same
 * decision, and the control that says so.
 */
export function saidOfCauses(
  findings: Iterable<Pick<Finding, 'control' | 'causes'>>,
  byId: ReadonlyMap<string, Pick<Control, 'causedBy'>>,
): Map<string, Map<string, string>> {
  const said: Said = new Map();
  for (const { control: by, causes } of findings) {
    if (causes === undefined) continue;
    for (const cause of byId.get(by)?.causedBy ?? []) for (const key of causes) say(said, cause, { key, by });
  }
  return said;
}

/** That findings of a control make those of another redundant in what people read, and where. */
export interface Telling {
  /** The control that says more. */
  readonly by: string;
  readonly told: string;
  /**
   * `place` where both point to the same path; `part` where they lie anywhere in the same container, or in the same pod or
   * object where the finding that says more lies in no container.
   */
  readonly where: 'place' | 'part';
}

/** What controls say in the place of others, by what they `refine` and `cover`. */
export function tellingsOf(
  controls: Iterable<Pick<Control, 'id' | 'refines' | 'covers'>>,
): readonly Telling[] {
  return [...controls].flatMap(({ id: by, refines = [], covers = [] }) => [
    ...refines.map((told): Telling => ({ by, told, where: 'place' })),
    ...covers.map((told): Telling => ({ by, told, where: 'part' })),
  ]);
}

/**
 * What other findings say better, by control: the places that they refine, the containers or pods they cover, and the
 * objects that cause them.
 */
function saidBetter(findings: readonly Finding[], byId: ReadonlyMap<string, Control>): Said {
  const said = saidOfCauses(findings, byId);
  const tellings = new Map<string, Telling[]>();
  for (const telling of tellingsOf(byId.values())) {
    const others = tellings.get(telling.by);
    if (others === undefined) tellings.set(telling.by, [telling]);
    else others.push(telling);
  }
  for (const finding of findings) {
    const own = tellings.get(finding.control);
    if (own === undefined) continue;
    const part = partKey(finding, finding.container);
    for (const { by, told, where } of own)
      say(said, told, { key: where === 'place' ? `${part}|${finding.semanticPath}` : part, by });
  }
  return said;
}

function isSaid(finding: Finding, keys: ReadonlyMap<string, string> | undefined): boolean {
  if (keys === undefined) return false;
  const part = partKey(finding, finding.container);
  return (
    keys.has(`${part}|${finding.semanticPath}`) ||
    keys.has(part) ||
    keys.has(partKey(finding, undefined)) ||
    keys.has(objectKey(finding))
  );
}

/**
 * Groups findings by root cause, those with the most points first; without ranks the worst, and then by how much they
 * concern. A finding about which another one says
 * more is left out: a more precise one at the same place, one in the same container or pod that covers it, or one that it
 * is the cause of. So are those that an exception accepts.
 */
export function groupFindings(
  findings: readonly Finding[],
  controls: readonly Control[],
  ranks?: ReadonlyMap<string, Rank>,
): FindingGroup[] {
  const byId = new Map(controls.map((control) => [control.id, control]));
  const open = openFindings(findings);
  // What is accepted says nothing to anybody, so it takes no other's place.
  const said = saidBetter(open, byId);
  const groups = new Map<Control, Finding[]>();
  for (const finding of open) {
    const control = byId.get(finding.control);
    if (control === undefined || isSaid(finding, said.get(control.id))) continue;
    const group = groups.get(control);
    if (group === undefined) groups.set(control, [finding]);
    else group.push(finding);
  }
  return [...groups]
    .map(([control, found]) => {
      const rank = ranks?.get(control.id);
      const subjects = new Set(found.map(subjectKey)).size;
      return { control, findings: found, subjects, ...(rank && { rank }) };
    })
    .sort(ranks === undefined ? compareGroups : compareRanks);
}

function compareRanks(a: FindingGroup, b: FindingGroup): number {
  return (
    (b.rank?.points ?? 0) - (a.rank?.points ?? 0) ||
    b.findings.length - a.findings.length ||
    compareText(a.control.id, b.control.id)
  );
}

function compareGroups(a: FindingGroup, b: FindingGroup): number {
  return (
    severityRank(a.control.severity) - severityRank(b.control.severity) ||
    b.subjects - a.subjects ||
    compareText(a.control.id, b.control.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: number | undefined, b: number | undefined): number {
  return (a ?? 0) - (b ?? 0);
}

/** The order of findings in a report: worst first, then control, file, line, column and path. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    compareText(a.control, b.control) ||
    compareText(a.file ?? '', b.file ?? '') ||
    compareNumbers(a.region?.line, b.region?.line) ||
    compareNumbers(a.region?.column, b.region?.column) ||
    compareText(a.path, b.path) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 } satisfies Record<Severity, number>;
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Whether a severity is at or above a threshold. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
