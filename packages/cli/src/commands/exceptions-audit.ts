import { type Exception, type ExceptionUse, isExpired, paramValues } from '@bulwark/core';
import { readBaseline } from '../config/baseline.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { JudgeFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { isSelected } from '../scan/judge-files.ts';
import { judge } from '../scan/pipeline.ts';
import { type Audited, type Fault, jsonOf, prettyOf } from './exceptions-audit-report.ts';
import { prepare } from './preparation.ts';

/** What an exception is measured by. */
interface Asked {
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Ids of all controls, and of those that ran or cannot. */
  readonly known: readonly string[];
  readonly ran: ReadonlySet<string>;
  /** Those that were judged; all when empty. */
  readonly namespaces: readonly string[];
}

/**
 * `bulwark exceptions audit`. Every control is asked, so that an exception for one that the profile leaves out is not
 * taken for a useless one. Exit code 1 when something is to be cleaned up, or cannot be read.
 */
export async function runExceptionsAudit(
  paths: readonly string[],
  flags: JudgeFlags,
  io: Io,
): Promise<number> {
  const progress = new Progress(io, true);
  const configuration = await configurationFor(flags.config, io.cwd);
  // A control without its parameters judges nothing, so nothing is to be accepted of it.
  const idle = configuration.controls.filter((control) => paramValues(control).fault !== undefined);
  const active = configuration.controls.filter((control) => !idle.includes(control)).map(({ id }) => id);
  const { judgement, coverage } = await prepare(paths, { ...flags, control: flags.control ?? active }, io, {
    configuration,
    progress,
    exceptions: flags.baseline === undefined ? [] : [readBaseline(flags.baseline).exception],
    ownFiles: [flags.baseline],
  });
  const judged = await judge(judgement);
  progress.stop();
  const asked: Asked = {
    today: io.today,
    known: configuration.controls.map(({ id }) => id),
    ran: new Set([...judgement.controls, ...idle].map(({ id }) => id)),
    namespaces: judgement.namespaces,
  };
  const exceptions = judged.uses
    .filter((use) => use.findings.length > 0 || couldMatch(use.exception, asked))
    .map((use): Audited => ({ ...use, faults: faultsOf(use, asked) }));
  const entries = [...coverage, ...judged.coverage];
  const unreadable = entries.filter(({ code }) => code === 'invalid-exception');
  const lost = entries.filter(({ kind }) => kind === 'lost');
  const audit = { exceptions, unreadable, lost };
  io.write(flags.format === 'json' ? jsonOf(audit) : prettyOf(audit));
  const isClean = unreadable.length === 0 && exceptions.every(({ faults }) => faults.length === 0);
  return isClean ? ExitCode.ok : ExitCode.findings;
}

function faultsOf({ exception, findings }: ExceptionUse, { today, known }: Asked): Fault[] {
  const faults: Fault[] = [];
  if (isExpired(exception, today)) faults.push('expired');
  if (findings.length === 0) faults.push('matches nothing');
  // What stands in an object covers it alone; a baseline names its findings.
  if (exception.origin === 'configuration' && isTooWide(exception, known)) faults.push('too wide');
  return faults;
}

/** Whether everything that an exception names was looked at, so that it says something when nothing matches. */
function couldMatch({ scope }: Exception, { known, ran, namespaces }: Asked): boolean {
  if (!(scope.controls ?? known).every((id) => ran.has(id))) return false;
  if (namespaces.length === 0) return true;
  if (scope.object !== undefined) return isSelected(scope.object, namespaces);
  return scope.namespaces?.every((namespace) => namespaces.includes(namespace)) === true;
}

function isTooWide({ scope }: Exception, known: readonly string[]): boolean {
  const named = new Set(scope.controls ?? known);
  if (known.every((id) => named.has(id))) return true;
  const { namespaces, kinds, names, containers, images, paths, labels = {} } = scope;
  // Every kind in every group is everything.
  const bare = kinds?.map((kind) => kind.replace(/\.\*+$/, ''));
  const isNarrow =
    [namespaces, bare, names, containers, images, paths].some(
      (patterns) => patterns !== undefined && !patterns.some((pattern) => /^\*+$/.test(pattern)),
    ) || Object.keys(labels).length > 0;
  return !isNarrow;
}
