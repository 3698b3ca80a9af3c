import {
  assignOwners,
  type Control,
  type CoverageEntry,
  compareFindings,
  coverage,
  Engine,
  type Finding,
  type Framework,
  frameworkResult,
  isAtLeast,
  type KubernetesVersion,
  Plan,
  positionOf,
  type Resource,
  type ScanReport,
  type Severity,
  type Verdict,
  World,
} from '@bulwark/core';
import type { InputFile } from '../source/input.ts';
import { applyExceptions, type ExceptionSettings } from './apply-exceptions.ts';
import {
  isSelected,
  type JudgedResource,
  type JudgeSettings,
  newTally,
  ResourceJudge,
  selectionOf,
  type Tally,
} from './judge-files.ts';
import { judgeInThreads } from './threads.ts';

/** Everything that decides a scan. */
export interface ScanRequest {
  readonly version: string;
  readonly inputs: readonly string[];
  readonly files: readonly InputFile[];
  /** Coverage entries from finding the files. */
  readonly coverage: readonly CoverageEntry[];
  readonly controls: readonly Control[];
  readonly frameworks: readonly Framework[];
  readonly knownFrameworks: readonly Framework[];
  readonly kubernetes: KubernetesVersion;
  readonly namespaces: readonly string[];
  readonly minSeverity: Severity;
  readonly exceptions: ExceptionSettings;
  readonly wantVerdicts: boolean;
  readonly threads: number;
  readonly workerUrl: URL | undefined;
  readonly onProgress: (files: number) => void;
}

/** Runs the pipeline: files, World, controls, report. */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const { files, kubernetes } = request;
  const plan = new Plan(request.controls);
  const settings: JudgeSettings = {
    kubernetes,
    defaultNamespace: 'default',
    namespaces: request.namespaces,
    wantVerdicts: request.wantVerdicts,
  };
  const batches = await judgeInThreads(files, { plan, settings }, request);
  const read = batches.flatMap((batch) => batch.files);
  const judged = read.flatMap((file) => file.judged);
  const wide = judgeInContext(judged, plan, settings);
  const tallies = [...batches.map((batch) => batch.tally), wide.tally];
  const entries = [
    ...request.coverage,
    ...read.flatMap((file) => file.coverage),
    ...tallies.flatMap((tally) => tally.coverage),
  ];
  const {
    findings: all,
    uses,
    coverage: exceptionEntries,
  } = applyExceptions(distinct(wide.findings), { files: read, world: wide.world }, request.exceptions);
  const selected = judged.filter(({ resource }) => isSelected(resource, request.namespaces));
  const findings = all.filter(({ severity }) => isAtLeast(severity, request.minSeverity));
  return {
    version: request.version,
    kubernetes: kubernetes.text,
    inputs: request.inputs,
    controls: request.controls,
    findings: findings.sort(compareFindings),
    exceptions: uses,
    withheld: all.length - findings.length,
    ...(request.wantVerdicts && { verdicts: tallies.flatMap((tally) => tally.verdicts) }),
    frameworks: frameworkResults(request, tallies),
    knownFrameworks: request.knownFrameworks,
    coverage: [
      ...entries,
      ...exceptionEntries,
      ...emptyNamespaces(selected, request.namespaces),
      ...wide.duplicates.flatMap(duplicateEntry),
    ],
    totals: {
      files: files.length,
      documents: read.reduce((total, file) => total + file.documents, 0),
      resources: selected.length,
      workloads: selected.filter(({ resource }) => resource.workloads.length > 0).length,
    },
  };
}

interface InContext {
  readonly world: World;
  readonly findings: Finding[];
  readonly tally: Tally;
  readonly duplicates: readonly Resource[];
}

/** The controls that look beyond their object, on the World of everything that was read; then owners. */
function judgeInContext(judged: readonly JudgedResource[], plan: Plan, settings: JudgeSettings): InContext {
  const { world, duplicates } = World.of(judged.map(({ resource }) => resource));
  const wide = plan.looking('namespace', 'world');
  if (wide.controls.length === 0)
    return { world, findings: assignOwners(world, judged), tally: newTally(), duplicates };
  const judge = new ResourceJudge(new Engine(wide, settings.kubernetes, world), settings);
  const all = judged.map(({ resource, findings }) => ({
    resource,
    findings: [...findings, ...judge.judge(resource)],
  }));
  return { world, findings: assignOwners(world, all), tally: judge.tally, duplicates };
}

/** Namespaces that were asked for and have nothing to judge: most likely a name that is wrong. */
function emptyNamespaces(
  selected: readonly JudgedResource[],
  namespaces: readonly string[],
): CoverageEntry[] {
  const filled = new Set(selected.map(({ resource }) => selectionOf(resource)));
  return namespaces
    .filter((namespace) => !filled.has(namespace))
    .map((namespace) => coverage('empty-namespace', `No object is in the namespace ${namespace}.`));
}

/** A chart rendered with several values files finds most things several times, at the same place. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ fingerprint, file, region }) => {
    const key = `${fingerprint}|${file ?? ''}|${region?.line ?? 0}|${region?.column ?? 0}`;
    return !seen.has(key) && seen.add(key);
  });
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

function frameworkResults(
  { frameworks, controls }: ScanRequest,
  tallies: readonly Tally[],
): ScanReport['frameworks'] {
  const counts = new Map<string, Record<Verdict, number>>();
  for (const tally of tallies)
    for (const [control, added] of tally.counts) {
      const total = counts.get(control);
      if (total === undefined) counts.set(control, { ...added });
      else for (const [verdict, count] of Object.entries(added)) total[verdict as Verdict] += count;
    }
  const ran = new Set(controls.map((control) => control.id));
  return frameworks.map((framework) => frameworkResult(framework, counts, ran));
}
