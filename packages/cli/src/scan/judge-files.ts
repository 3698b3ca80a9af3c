import { readFileSync } from 'node:fs';
import {
  type CommentOnObject,
  type Control,
  type CoverageEntry,
  countOutcome,
  coverage,
  Engine,
  exceptionComments,
  expandDocument,
  type FileLines,
  type Finding,
  FindingMaker,
  hasEnded,
  type KubernetesVersion,
  lineStartsOf,
  mayStandBetween,
  namespaceOf,
  type Outcome,
  type Plan,
  positionOf,
  type Resource,
  type ResourceRef,
  type Verdict,
  type VerdictRecord,
} from '@bulwark/core';
import { decodeText, readDocuments } from '@bulwark/formats';
import type { InputFile } from '../source/input.ts';
import { reasonOf } from '../source/walk.ts';

/** What decides how files are judged; the same for every thread. */
export interface JudgeSettings {
  readonly kubernetes: KubernetesVersion;
  readonly defaultNamespace: string;
  /** Only resources of these namespaces are judged; all when empty. */
  readonly namespaces: readonly string[];
  readonly wantVerdicts: boolean;
}

/** A resource and what the controls that look only at their object found in it. */
export interface JudgedResource {
  readonly resource: Resource;
  readonly findings: readonly Finding[];
}

/** What came of one file. */
export interface JudgedFile {
  readonly documents: number;
  readonly coverage: readonly CoverageEntry[];
  readonly judged: readonly JudgedResource[];
  readonly commented: readonly CommentedObject[];
}

/** A comment for another tool, the object that it is about, and its line. */
export interface CommentedObject extends CommentOnObject {
  readonly line: number;
}

/** Verdicts of one run, added up. */
export interface Tally {
  readonly counts: Map<string, Record<Verdict, number>>;
  readonly verdicts: VerdictRecord[];
  readonly coverage: CoverageEntry[];
}

/** A tally without any verdict. */
export function newTally(): Tally {
  return { counts: new Map(), verdicts: [], coverage: [] };
}

/** Judges resources with a plan and keeps the tally. */
export class ResourceJudge {
  readonly tally = newTally();
  private readonly engine: Engine;
  private readonly settings: JudgeSettings;

  constructor(engine: Engine, settings: JudgeSettings) {
    this.engine = engine;
    this.settings = settings;
  }

  /** The findings of the engine's controls on a resource; none when its namespace was not asked for, and on a pod that has ended. */
  judge(resource: Resource): Finding[] {
    const findings: Finding[] = [];
    if (!isSelected(resource, this.settings.namespaces) || isEndedPod(resource)) return findings;
    let maker: FindingMaker | undefined;
    this.engine.evaluate(resource, (control, outcome) => {
      countOutcome(this.tally.counts, control.id, outcome);
      for (const violation of outcome.violations) {
        maker ??= new FindingMaker(resource);
        findings.push(maker.of(control, violation));
      }
      if (outcome.verdict === 'error') this.tally.coverage.push(errorEntry(resource, outcome));
      if (this.settings.wantVerdicts) this.tally.verdicts.push(verdictRecord(control, resource, outcome));
    });
    return findings;
  }
}

/** Whether a resource is to be judged, given the namespaces that were asked for; all are when there are none. */
export function isSelected(resource: ResourceRef, namespaces: readonly string[]): boolean {
  return namespaces.length === 0 || namespaces.includes(namespaceOf(resource));
}

/** Whether a resource waits for those of all other files before it is judged, as its owner may be there: see `judgeBetween`. */
export function isLeftOut(resource: Resource): boolean {
  // What was read of a cluster comes with the templates that are judged.
  return resource.origin.kind === 'file' && mayStandBetween(resource);
}

/** Whether a resource is a pod of which nothing runs any more, as a dump of a cluster has them. */
export function isEndedPod(resource: Resource): boolean {
  return resource.groupKind === 'Pod' && hasEnded(resource);
}

function errorEntry({ origin, kind, name }: Resource, { reason }: Outcome): CoverageEntry {
  const place = origin.kind === 'file' ? { file: origin.lines.file } : {};
  return coverage('control-error', `${kind}/${name}: ${reason ?? 'unknown error'}`, place);
}

function verdictRecord(
  control: Control,
  { apiVersion, kind, namespace, name }: Resource,
  { verdict, reason }: Outcome,
): VerdictRecord {
  return {
    control: control.id,
    resource: { apiVersion, kind, namespace, name },
    verdict,
    ...(reason !== undefined && { reason }),
  };
}

/** Reads files and runs the controls that look only at their object. */
export class FileJudge {
  private readonly resources: ResourceJudge;
  private readonly settings: JudgeSettings;

  constructor(plan: Plan, settings: JudgeSettings) {
    this.settings = settings;
    this.resources = new ResourceJudge(new Engine(plan.looking('object'), settings.kubernetes), settings);
  }

  get tally(): Tally {
    return this.resources.tally;
  }

  /** Everything one file holds. Nothing in a file can make this throw. */
  judge(input: InputFile): JudgedFile {
    const text = textOf(input);
    if (typeof text !== 'string') return { documents: 0, coverage: [text], judged: [], commented: [] };
    const { file, lineMap, variant } = input;
    const lines: FileLines = {
      file,
      lineStarts: lineStartsOf(text),
      ...(lineMap && { lineMap }),
      ...(variant !== undefined && { variant }),
    };
    const { documents, problems } = readDocuments(text);
    const entries = problems.map(({ code, reason, offset }) =>
      coverage(code, reason, { file, ...positionOf(lines, offset) }),
    );
    const judged: JudgedResource[] = [];
    for (const document of documents) {
      const expanded = expandDocument(document, lines, this.settings);
      entries.push(...expanded.coverage);
      for (const resource of expanded.resources)
        judged.push({ resource, findings: isLeftOut(resource) ? [] : this.resources.judge(resource) });
    }
    const commented = commentedObjects(text, lines, judged);
    return { documents: documents.length + problems.length, coverage: entries, judged, commented };
  }
}

function commentedObjects(
  text: string,
  lines: FileLines,
  judged: readonly JudgedResource[],
): CommentedObject[] {
  const resources = judged.map(({ resource }) => resource);
  return exceptionComments(text, lines, resources).map((commented) => ({
    ...commented,
    line: positionOf(lines, commented.comment.offset).line,
  }));
}

function textOf({ file, path, text }: InputFile): string | CoverageEntry {
  if (text !== undefined) return text;
  try {
    const decoded = decodeText(readFileSync(path ?? file));
    return decoded.ok ? decoded.value : coverage('not-text', decoded.error.reason, { file });
  } catch (error) {
    return coverage('unreadable', reasonOf(error), { file });
  }
}
