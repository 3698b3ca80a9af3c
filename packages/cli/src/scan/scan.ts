import { rankFindings } from '@bulwark/analyses';
import {
  type CoverageEntry,
  compareFindings,
  countWorkloads,
  coverage,
  type Finding,
  type Framework,
  isAtLeast,
  namespaceOf,
  positionOf,
  type Resource,
  type ScanReport,
  type Severity,
} from '@bulwark/core';
import { STDIN } from '../source/find-inputs.ts';
import { frameworkResults } from './framework-results.ts';
import { isSelected } from './judge-files.ts';
import { type Judged, type JudgeRequest, judge } from './pipeline.ts';

/** Everything that decides a scan. */
export interface ScanRequest extends JudgeRequest {
  readonly version: string;
  readonly inputs: readonly string[];
  /** Coverage entries from finding the files. */
  readonly coverage: readonly CoverageEntry[];
  readonly frameworks: readonly Framework[];
  readonly knownFrameworks: readonly Framework[];
  readonly minSeverity: Severity;
  /** Ids of controls that were left out by name. */
  readonly excluded: ReadonlySet<string>;
}

/** What a scan found, and what it was found in. */
export interface Scanned {
  readonly report: ScanReport;
  /** What was read, of the namespaces that were asked for. */
  readonly resources: readonly Resource[];
  /** Those too that are not as severe as what is reported. */
  readonly findings: readonly Finding[];
}

/** Runs the pipeline and reports. */
export async function scan(request: ScanRequest): Promise<Scanned> {
  const judged = await judge(request);
  const resources = judged.files.flatMap((file) => file.judged.map(({ resource }) => resource));
  return {
    report: reportOf(judged, request),
    resources: resources.filter((resource) => isSelected(resource, request.namespaces)),
    findings: judged.findings,
  };
}

function reportOf(judged: Judged, request: ScanRequest): ScanReport {
  const { files, findings: all, uses, tallies } = judged;
  const resources = files.flatMap((file) => file.judged.map(({ resource }) => resource));
  const selected = resources.filter((resource) => isSelected(resource, request.namespaces));
  const findings = all.filter(({ severity }) => isAtLeast(severity, request.minSeverity));
  const sorted = findings.toSorted(compareFindings);
  let ranks: ScanReport['ranks'];
  const coverage = coverageOf({ judged, resources, selected }, request);
  return {
    version: request.version,
    kubernetes: request.kubernetes.text,
    inputs: request.inputs,
    controls: request.controls,
    findings: sorted,
    // Worked out for the formats that show it: for a program's report it would cost as much as a twelfth of the scan.
    get ranks() {
      ranks ??= rankFindings(sorted, request.controls, judged.world);
      return ranks;
    },
    exceptions: uses,
    withheld: all.length - findings.length,
    ...(request.wantVerdicts && { verdicts: tallies.flatMap((tally) => tally.verdicts) }),
    frameworks: frameworkResults(request, { tallies, findings: all, coverage }),
    knownFrameworks: request.knownFrameworks,
    coverage,
    totals: {
      files: request.files.length,
      documents: files.reduce((total, file) => total + file.documents, 0),
      resources: selected.length,
      workloads: countWorkloads(judged.world, selected),
    },
  };
}

interface Read {
  readonly judged: Judged;
  readonly resources: readonly Resource[];
  /** Those of the namespaces that were asked for. */
  readonly selected: readonly Resource[];
}

function coverageOf({ judged, resources, selected }: Read, request: ScanRequest): readonly CoverageEntry[] {
  const read = [...request.coverage, ...judged.coverage];
  if (resources.length > 0)
    return [
      ...read,
      ...emptyNamespaces(selected, request.namespaces),
      ...judged.duplicates.flatMap(duplicateEntry),
    ];
  // Where something was lost, that is why.
  if (read.some(({ kind }) => kind === 'lost')) return read;
  const places = request.inputs.map(nameOfInput).join(', ');
  // What was skipped may be all there is, and only this entry is shown in full.
  const skipped = read.filter(({ code }) => code === 'ignored-files').map(({ reason }) => ` ${reason}`);
  return [...read, coverage('no-object', `Nothing in ${places} is a Kubernetes object.${skipped.join('')}`)];
}

function nameOfInput(input: string): string {
  return input === STDIN ? 'standard input' : input;
}

/** Namespaces that were asked for and have nothing to judge: most likely a name that is wrong. */
function emptyNamespaces(selected: readonly Resource[], namespaces: readonly string[]): CoverageEntry[] {
  const filled = new Set(selected.map(namespaceOf));
  return namespaces
    .filter((namespace) => !filled.has(namespace))
    .map((namespace) => coverage('empty-namespace', `No object is in the namespace ${namespace}.`));
}

function duplicateEntry({ origin, kind, name, namespace }: Resource): CoverageEntry[] {
  if (origin.kind !== 'file' || origin.lines.variant !== undefined) return [];
  const where = namespace === '' ? '' : ` in namespace ${namespace}`;
  const reason = `${kind}/${name}${where} was already read; both are judged.`;
  return [
    coverage('duplicate-object', reason, {
      file: origin.lines.file,
      ...positionOf(origin.lines, origin.offsets[origin.node + 1] ?? 0),
    }),
  ];
}
