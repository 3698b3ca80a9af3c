import {
  assignOwners,
  type Control,
  type CoverageEntry,
  Engine,
  type ExceptionUse,
  type Finding,
  type KubernetesVersion,
  openFindings,
  Plan,
  type Resource,
  World,
} from '@bulwark/core';
import type { InputFile } from '../source/input.ts';
import { applyExceptions, type ExceptionSettings } from './apply-exceptions.ts';
import { type BatchResult, judgeBatch } from './batch.ts';
import { judgeBetween } from './judge-between.ts';
import {
  isEndedPod,
  type JudgedFile,
  type JudgedResource,
  type JudgeSettings,
  newTally,
  ResourceJudge,
  type Tally,
} from './judge-files.ts';
import { judgeLive } from './judge-live.ts';
import { placeClusterWide } from './place-cluster-wide.ts';
import { judgeInThreads } from './threads.ts';

/** What is judged, by what, and as if on which day. */
export interface JudgeRequest {
  readonly files: readonly InputFile[];
  /** What was read of a cluster. */
  readonly live?: readonly Resource[];
  readonly controls: readonly Control[];
  readonly kubernetes: KubernetesVersion;
  readonly namespaces: readonly string[];
  readonly exceptions: ExceptionSettings;
  readonly wantVerdicts: boolean;
  readonly threads: number;
  readonly workerUrl: URL | undefined;
  readonly onProgress: (files: number) => void;
}

/** What came of files, controls and exceptions. */
export interface Judged {
  readonly files: readonly JudgedFile[];
  readonly world: World;
  readonly duplicates: readonly Resource[];
  /** With the exceptions that accept them. */
  readonly findings: readonly Finding[];
  readonly uses: readonly ExceptionUse[];
  readonly tallies: readonly Tally[];
  readonly coverage: readonly CoverageEntry[];
}

/** Runs the pipeline up to the report: files, World, controls, exceptions. */
export async function judge(request: JudgeRequest): Promise<Judged> {
  const plan = new Plan(request.controls);
  const settings = settingsOf(request);
  const batches = await judgeInThreads(request.files, { plan, settings }, request);
  const { live = [] } = request;
  return inContext(live.length > 0 ? [...batches, judgeLive(live, plan, settings)] : batches, plan, request);
}

/**
 * Judges again after some files have changed: only these are read, everything that looks beyond its object is asked
 * anew.
 *
 * @param changed the new text of files, by their index in the request.
 */
export function judgeAgain(
  { files }: Judged,
  changed: ReadonlyMap<number, InputFile>,
  request: JudgeRequest,
): Judged {
  const plan = new Plan(request.controls);
  const again = judgeBatch([...changed.values()], plan, settingsOf(request));
  const judged = new Map([...changed.keys()].map((index, position) => [index, again.files[position]]));
  const now = files.map((file, index) => judged.get(index) ?? file);
  return inContext([{ files: now, tally: again.tally }], plan, request);
}

function settingsOf({ kubernetes, namespaces, wantVerdicts }: JudgeRequest): JudgeSettings {
  return { kubernetes, defaultNamespace: 'default', namespaces, wantVerdicts };
}

/** The controls that look beyond their object, on the World of everything that was read; then owners and exceptions. */
function inContext(judged: readonly BatchResult[], plan: Plan, request: JudgeRequest): Judged {
  const settings = settingsOf(request);
  const { files, tallies: alone } = judgeBetween(placeClusterWide(judged, plan, settings), plan, settings);
  const resources = files.flatMap((file) => file.judged);
  const { world, duplicates } = World.of(
    resources.flatMap(({ resource }) => (isEndedPod(resource) ? [] : [resource])),
  );
  const { found, tally } = judgeWide(resources, { world, plan }, settings);
  const excepted = applyExceptions(assignOwners(world, found), { files, world, found }, request.exceptions);
  const tallies = [...alone, tally];
  const coverage = [
    ...files.flatMap((file) => file.coverage),
    ...tallies.flatMap((each) => each.coverage),
    ...excepted.coverage,
  ];
  return {
    files,
    world,
    duplicates,
    findings: distinct(openFirst(excepted.findings)),
    uses: excepted.uses.map(({ exception, findings }) => ({ exception, findings: distinct(findings) })),
    tallies,
    coverage,
  };
}

function judgeWide(
  resources: readonly JudgedResource[],
  { world, plan }: { readonly world: World; readonly plan: Plan },
  settings: JudgeSettings,
): { readonly found: readonly JudgedResource[]; readonly tally: Tally } {
  const wide = plan.looking('namespace', 'world');
  if (wide.controls.length === 0) return { found: resources, tally: newTally() };
  const resourceJudge = new ResourceJudge(new Engine(wide, settings.kubernetes, world), settings);
  const found = resources.map(({ resource, findings }) => ({
    resource,
    findings: [...findings, ...resourceJudge.judge(resource)],
  }));
  return { found, tally: resourceJudge.tally };
}

/** Of doubles the first stays, and none may hide one that is open: other values may lack what accepts it. */
function openFirst(findings: readonly Finding[]): readonly Finding[] {
  const open = openFindings(findings);
  return open.length === findings.length
    ? findings
    : [...open, ...findings.filter(({ exception }) => exception !== undefined)];
}

/** A chart rendered with several values files finds most things several times, at the same place. */
function distinct(findings: readonly Finding[]): Finding[] {
  // The place is written out only for the few that share a fingerprint.
  const seen = new Map<string, Finding | Set<string>>();
  return findings.filter((finding) => {
    const known = seen.get(finding.fingerprint);
    if (known === undefined) {
      seen.set(finding.fingerprint, finding);
      return true;
    }
    const places = known instanceof Set ? known : new Set([placeOf(known)]);
    seen.set(finding.fingerprint, places);
    const { size } = places;
    return places.add(placeOf(finding)).size > size;
  });
}

function placeOf({ file, region }: Finding): string {
  return `${file ?? ''}|${region?.line ?? 0}|${region?.column ?? 0}`;
}
