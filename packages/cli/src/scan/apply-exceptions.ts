import {
  type AnnotationSettings,
  annotatedExceptions,
  type CoverageEntry,
  coverage,
  type Exception,
  Exceptions,
  type ExceptionUse,
  type Finding,
  groupKindOf,
  groupOf,
  inObject,
  type Resource,
  type WorldView,
  withException,
} from '@bulwark/core';
import type { CommentedObject, JudgedFile } from './judge-files.ts';

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

/** Marks the findings that exceptions accept: those of the configuration, of a baseline, and in the objects themselves. */
export function applyExceptions(
  findings: readonly Finding[],
  { files, world }: { readonly files: readonly JudgedFile[]; readonly world: WorldView },
  settings: ExceptionSettings,
): Excepted {
  const entries: CoverageEntry[] = [];
  const all: Exception[] = [...settings.stored];
  for (const file of files) {
    for (const { resource } of file.judged) {
      const { exceptions, problems } = annotatedExceptions(resource, settings);
      all.push(...exceptions);
      for (const { reason, ...place } of problems) entries.push(coverage('invalid-exception', reason, place));
    }
    if (settings.otherTools !== 'ignore')
      all.push(...file.commented.flatMap((comment) => commentException(comment, settings)));
  }
  if (all.length === 0) return { findings, uses: [], coverage: entries };
  return { ...marked(findings, all, { world, today: settings.today }), coverage: entries };
}

function commentException(
  { comment, resource, line }: CommentedObject,
  settings: ExceptionSettings,
): Exception[] {
  const controls = comment.names.flatMap(settings.controlsNamed);
  if (controls.length === 0) return [];
  const { origin, reason, until } = comment;
  const said = { controls, reason, ...(until !== undefined && { until }) };
  const file = resource.origin.kind === 'file' ? resource.origin.lines.file : '';
  return [inObject(resource, said, { origin, source: `${file}:${line}`, wanted: settings.otherTools })];
}

function marked(
  findings: readonly Finding[],
  all: readonly Exception[],
  { world, today }: { readonly world: WorldView; readonly today: string },
): Pick<Excepted, 'findings' | 'uses'> {
  const exceptions = new Exceptions(all);
  const uses = new Map<Exception, Finding[]>(all.map((exception) => [exception, []]));
  const result = findings.map((finding) => {
    const covering = exceptions.covering(finding, resourceOf(finding, world));
    for (const exception of covering) uses.get(exception)?.push(finding);
    return covering.length === 0 ? finding : withException(finding, covering, today);
  });
  return {
    findings: result,
    uses: [...uses].map(([exception, covered]) => ({ exception, findings: covered })),
  };
}

function resourceOf({ resource }: Finding, world: WorldView): Resource | undefined {
  const { apiVersion, kind, namespace, name } = resource;
  return world.find(groupKindOf(groupOf(apiVersion), kind), namespace, name);
}
