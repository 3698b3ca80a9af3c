import {
  type AnnotationSettings,
  annotatedExceptions,
  beyondListed,
  type CoverageEntry,
  coverage,
  type Exception,
  Exceptions,
  type ExceptionUse,
  type Finding,
  type FindingObjects,
  inObject,
  type OwnedFindings,
  type Resource,
  regionOf,
  topOwner,
  type WorldView,
  withException,
} from '@bulwark/core';
import { nameAnew } from './former-names.ts';
import type { CommentedObject, JudgedFile, JudgedResource } from './judge-files.ts';

/** What exceptions made of findings. */
export interface Excepted {
  readonly findings: readonly Finding[];
  readonly uses: readonly ExceptionUse[];
  /** Exceptions in objects that cannot be read, so that they hide nothing. */
  readonly coverage: readonly CoverageEntry[];
}

/** Where exceptions come from, and the day on which they are asked. */
export interface ExceptionSettings extends AnnotationSettings {
  readonly stored: readonly Exception[];
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** What was judged, and what the findings are about. */
export interface JudgedContext {
  readonly files: readonly JudgedFile[];
  readonly world: WorldView;
  /** Every resource with the findings that were made in it. */
  readonly found: readonly JudgedResource[];
}

/** Marks the findings that exceptions accept: those of the configuration, of a baseline, and in the objects themselves. */
export function applyExceptions(
  owned: OwnedFindings,
  context: JudgedContext,
  settings: ExceptionSettings,
): Excepted {
  const { exceptions, coverage: entries } = inObjects(context, {
    ...settings,
    controlsNamed: remembered(settings.controlsNamed),
  });
  const stored = nameAnew(settings.stored, owned.findings);
  entries.push(...stored.coverage);
  const all = [...stored.exceptions, ...exceptions];
  if (all.length === 0) return { findings: owned.findings, uses: [], coverage: entries };
  const objects = objectsOf(context.found, owned.moved);
  return { ...marked(owned.findings, all, { objects, today: settings.today }), coverage: entries };
}

/** Thousands of objects may each name the same few. */
function remembered(named: ExceptionSettings['controlsNamed']): ExceptionSettings['controlsNamed'] {
  const known = new Map<string, readonly string[]>();
  return (name) => {
    let controls = known.get(name);
    if (controls === undefined) {
      controls = named(name);
      known.set(name, controls);
    }
    return controls;
  };
}

interface InObjects {
  readonly exceptions: Exception[];
  readonly coverage: CoverageEntry[];
}

function inObjects({ files, world }: JudgedContext, settings: ExceptionSettings): InObjects {
  const all: InObjects = { exceptions: [], coverage: [] };
  for (const file of files) {
    for (const { resource } of file.judged) {
      const { exceptions, problems } = annotatedExceptions(resource, settings);
      for (const { reason, annotation: _annotation, ...place } of problems)
        all.coverage.push(unreadable(resource, reason, place));
      if (exceptions.length === 0) continue;
      const owner = topOwner(world, resource);
      if (owner === resource || owner.seenInPods !== undefined) all.exceptions.push(...exceptions);
      else if (!isCopied(exceptions, annotatedExceptions(owner, settings).exceptions))
        all.coverage.push(unreadable(resource, whyOfOwner(resource, owner)));
    }
    if (settings.otherTools !== 'ignore')
      for (const commented of file.commented) addCommented(commented, all, settings);
  }
  return all;
}

/** Controllers copy annotations to what they own. */
function isCopied(exceptions: readonly Exception[], ofOwner: readonly Exception[]): boolean {
  const wordingOf = ({ origin, scope: { controls = [] }, reason, owner, until }: Exception): string =>
    JSON.stringify([origin, controls, reason, owner, until]);
  const known = new Set(ofOwner.map(wordingOf));
  return exceptions.every((exception) => known.has(wordingOf(exception)));
}

function whyOfOwner({ kind, name }: Resource, owner: Resource): string {
  return `${kind}/${name} belongs to ${owner.kind}/${owner.name}, and so do its findings; accept them there.`;
}

function unreadable(
  { object, origin }: Resource,
  reason: string,
  place: { readonly line: number; readonly column: number } | undefined = regionOf(object, origin, [
    'metadata',
    'annotations',
  ]),
): CoverageEntry {
  const file = origin.kind === 'file' ? { file: origin.lines.file } : {};
  return coverage('invalid-exception', reason, {
    ...file,
    ...(place && { line: place.line, column: place.column }),
  });
}

function addCommented(
  { comment, resource, line }: CommentedObject,
  all: InObjects,
  settings: ExceptionSettings,
): void {
  const controls = [...new Set(comment.names.flatMap(settings.controlsNamed))];
  if (controls.length === 0) return;
  const { origin, reason, until, problem } = comment;
  if (problem !== undefined) {
    all.coverage.push(
      unreadable(resource, `The comment for ${origin.slice('tool:'.length)}: ${problem}.`, {
        line,
        column: 1,
      }),
    );
    return;
  }
  const said = { controls, reason, ...(until !== undefined && { until }) };
  const file = resource.origin.kind === 'file' ? resource.origin.lines.file : '';
  all.exceptions.push(
    inObject(resource, said, { origin, source: `${file}:${line}`, wanted: settings.otherTools }),
  );
}

/** What each finding is about. Only the moved ones are not found in what has to change. */
function objectsOf(
  found: readonly JudgedResource[],
  moved: OwnedFindings['moved'],
): ReadonlyMap<Finding, FindingObjects> {
  const objects = new Map(moved);
  for (const { resource, findings } of found) {
    const own = { found: resource, owner: resource };
    for (const finding of findings) objects.set(finding, own);
  }
  return objects;
}

function marked(
  findings: readonly Finding[],
  all: readonly Exception[],
  { objects, today }: { readonly objects: ReadonlyMap<Finding, FindingObjects>; readonly today: string },
): Pick<Excepted, 'findings' | 'uses'> {
  const exceptions = new Exceptions(all);
  const uses = new Map<Exception, Finding[]>(all.map((exception) => [exception, []]));
  const beyond = new Map(
    all.flatMap((exception) => {
      const { listed } = exception.scope;
      return listed === undefined ? [] : [[exception, beyondListed(findings, listed)] as const];
    }),
  );
  const result = findings.map((finding) => {
    const covering = exceptions
      .covering(finding, objects.get(finding))
      .filter((exception) => beyond.get(exception)?.has(finding) !== true);
    for (const exception of covering) uses.get(exception)?.push(finding);
    return covering.length === 0 ? finding : withException(finding, covering, today);
  });
  return {
    findings: result,
    uses: [...uses].map(([exception, covered]) => ({ exception, findings: covered })),
  };
}
