import type { Exception, ExceptionUse, Finding } from '@bulwark/core';
import { readBaseline } from '../config/baseline.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { JudgeFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { judge } from '../scan/pipeline.ts';
import { prepare } from './preparation.ts';

/** What is wrong with an exception, if anything. */
type Fault = 'expired' | 'matches nothing' | 'too wide';

interface Audited extends ExceptionUse {
  readonly faults: readonly Fault[];
}

/**
 * `bulwark exceptions audit`. Every control is asked, so that an exception for one that the profile leaves out is not
 * taken for a useless one. Exit code 1 when something is to be cleaned up.
 */
export async function runExceptionsAudit(
  paths: readonly string[],
  flags: JudgeFlags,
  io: Io,
): Promise<number> {
  const progress = new Progress(io, true);
  const configuration = await configurationFor(flags.config, io.cwd);
  const everything = configuration.controls.map(({ id }) => id);
  const { judgement } = await prepare(paths, { ...flags, control: flags.control ?? everything }, io, {
    configuration,
    progress,
    exceptions: flags.baseline === undefined ? [] : [readBaseline(flags.baseline)],
    ownFiles: [flags.baseline],
  });
  const { uses } = await judge(judgement);
  progress.stop();
  const audited = uses.map((use): Audited => ({ ...use, faults: faultsOf(use, io.today) }));
  io.write(flags.format === 'json' ? jsonOf(audited) : prettyOf(audited));
  return audited.some(({ faults }) => faults.length > 0) ? ExitCode.findings : ExitCode.ok;
}

function faultsOf({ exception, findings }: ExceptionUse, today: string): Fault[] {
  const { until, scope, origin } = exception;
  const faults: Fault[] = [];
  if (until !== undefined && until < today) faults.push('expired');
  if (findings.length === 0) faults.push('matches nothing');
  const narrowing = ['namespaces', 'kinds', 'names', 'labels', 'containers', 'images', 'paths'] as const;
  const isNarrow = narrowing.some((part) => scope[part] !== undefined && !isEverything(scope[part]));
  // What stands in an object covers it alone; a baseline names its findings.
  if (origin === 'configuration' && (scope.controls === undefined || !isNarrow)) faults.push('too wide');
  return faults;
}

function isEverything(part: unknown): boolean {
  return Array.isArray(part) && part.some((pattern) => pattern === '*');
}

function jsonOf(audited: readonly Audited[]): string {
  const exceptions = audited.map(({ exception, findings, faults }) => ({
    source: exception.source,
    origin: exception.origin,
    scope: portable(exception),
    reason: exception.reason,
    owner: exception.owner,
    until: exception.until,
    approvedBy: exception.approvedBy,
    requested: exception.isRequest,
    faults,
    findings: findings.map(({ fingerprint, control, severity, resource, file, region }) => ({
      fingerprint,
      control,
      severity,
      resource,
      file,
      line: region?.line,
    })),
  }));
  return `${JSON.stringify({ schema: 'bulwark.exceptions/v1', exceptions }, undefined, 2)}\n`;
}

function portable({ scope: { fingerprints, object: _object, ...scope } }: Exception): unknown {
  return fingerprints === undefined ? scope : { ...scope, fingerprints: fingerprints.size };
}

const MOST_SHOWN = 3;

function prettyOf(audited: readonly Audited[]): string {
  if (audited.length === 0) return 'There are no exceptions.\n';
  const wrong = audited.filter(({ faults }) => faults.length > 0);
  const right = audited.filter(({ faults }) => faults.length === 0);
  const closing = `${audited.length} ${audited.length === 1 ? 'exception' : 'exceptions'}, ${wrong.length} to clean up.\n`;
  return `${[...wrong, ...right].map(describe).join('\n')}\n${closing}`;
}

function describe({ exception, findings, faults }: Audited): string {
  const { source, reason, owner, until, approvedBy, isRequest } = exception;
  const state =
    faults.length > 0 ? faults.join(', ').toUpperCase() : isRequest === true ? 'REQUESTED' : 'IN FORCE';
  const facts = [
    owner === undefined ? 'no owner' : `owner ${owner}`,
    until === undefined ? 'no end' : `until ${until}`,
    ...(approvedBy === undefined ? [] : [`approved by ${approvedBy}`]),
  ].join(', ');
  const lines = [`${state}  ${source}  ${reason} (${facts})`];
  const hides = faults.includes('expired') ? 'covered' : isRequest === true ? 'asks for' : 'hides';
  if (findings.length > 0) {
    lines.push(`  ${hides} ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}:`);
    for (const finding of findings.slice(0, MOST_SHOWN)) lines.push(`    ${shown(finding)}`);
    if (findings.length > MOST_SHOWN) lines.push(`    and ${findings.length - MOST_SHOWN} more`);
  }
  return `${lines.join('\n')}\n`;
}

function shown({ severity, control, resource, file, region }: Finding): string {
  const place = file === undefined ? '' : ` at ${file}:${region?.line ?? 1}`;
  return `${severity} ${control} in ${resource.kind}/${resource.name}${place}`;
}
