import type { CoverageEntry, ExceptionUse, Finding } from '@bulwark/core';
import { jsonText, visibleLine } from '@bulwark/formats';

/** What is wrong with an exception, if anything. */
export type Fault = 'expired' | 'matches nothing' | 'too wide';

/** An exception, what it hides, and what is wrong with it. */
export interface Audited extends ExceptionUse {
  readonly faults: readonly Fault[];
}

/** What an audit found out. */
export interface Audit {
  readonly exceptions: readonly Audited[];
  /** What is meant to be an exception and accepts nothing. */
  readonly unreadable: readonly CoverageEntry[];
  /** What could not be judged, so that an exception for it matches nothing. */
  readonly lost: readonly CoverageEntry[];
}

/** An audit for machines. */
export function jsonOf({ exceptions, unreadable, lost }: Audit): string {
  const audit = {
    schema: 'bulwark.exceptions/v1',
    exceptions: exceptions.map(portable),
    unreadable: unreadable.map(({ reason, file, line, column }) => ({ reason, file, line, column })),
    lost,
  };
  return `${jsonText(audit, 2)}\n`;
}

function portable(audited: Audited): unknown {
  const { exception, findings, faults } = audited;
  const { fingerprints, listed: _listed, former: _former, object: _object, ...scope } = exception.scope;
  return {
    source: exception.source,
    origin: exception.origin,
    scope: fingerprints === undefined ? scope : { ...scope, fingerprints: listedIn(exception) },
    reason: exception.reason,
    owner: exception.owner,
    until: exception.until,
    approvedBy: exception.approvedBy,
    requested: exception.isRequest,
    faults,
    gone: goneFrom(audited),
    findings: findings.map(({ fingerprint, control, severity, resource, file, region }) => ({
      fingerprint,
      control,
      severity,
      resource,
      file,
      line: region?.line,
    })),
  };
}

/** How many findings of a baseline there are no more; undefined for other exceptions. */
function goneFrom({ exception, findings }: Audited): number | undefined {
  if (exception.scope.fingerprints === undefined) return undefined;
  return listedIn(exception) - findings.length;
}

/** How many findings a baseline lists. */
function listedIn({ scope: { listed } }: ExceptionUse['exception']): number {
  return [...(listed?.values() ?? [])].reduce((sum, files) => sum + files.length, 0);
}

const MOST_SHOWN = 3;

/** An audit for people: first what is to be cleaned up. */
export function prettyOf({ exceptions, unreadable, lost }: Audit): string {
  const wrong = exceptions.filter(({ faults }) => faults.length > 0);
  const right = exceptions.filter(({ faults }) => faults.length === 0);
  const parts = [
    unreadable.map((entry) => `UNREADABLE  ${placeOf(entry)}${entry.reason}`),
    unreadable.length === 0 ? [] : [''],
    ...[...wrong, ...right].map(describe),
    [closingOf(exceptions.length, unreadable.length, wrong.length)],
    lost.length === 0
      ? []
      : [
          `${counted(lost.length, 'part')} of the input could not be judged; an exception that matches nothing may match there.`,
        ],
  ];
  return parts
    .flat()
    .map((line) => `${visibleLine(line)}\n`)
    .join('');
}

function closingOf(exceptions: number, unreadable: number, wrong: number): string {
  if (exceptions + unreadable === 0) return 'There are no exceptions.';
  const unread =
    unreadable === 0
      ? ''
      : `, ${unreadable} that cannot be read and ${unreadable === 1 ? 'accepts' : 'accept'} nothing`;
  return `${counted(exceptions, 'exception')}, ${wrong} to clean up${unread}.`;
}

function describe(audited: Audited): string[] {
  const { exception, findings, faults } = audited;
  const { source, reason, owner, until, approvedBy, isRequest } = exception;
  const state =
    faults.length > 0 ? faults.join(', ').toUpperCase() : isRequest === true ? 'REQUESTED' : 'IN FORCE';
  const facts = [
    owner === undefined ? 'no owner' : `owner ${owner}`,
    until === undefined ? 'no end' : `until ${until}`,
    ...(approvedBy === undefined ? [] : [`approved by ${approvedBy}`]),
  ].join(', ');
  const hides = faults.includes('expired') ? 'covered' : isRequest === true ? 'asks for' : 'hides';
  const more = findings.length - MOST_SHOWN;
  const gone = goneFrom(audited) ?? 0;
  return [
    `${state}  ${source}  ${reason} (${facts})`,
    ...(findings.length === 0 ? [] : [`  ${hides} ${counted(findings.length, 'finding')}:`]),
    ...findings.slice(0, MOST_SHOWN).map((finding) => `    ${shown(finding)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...(gone > 0
      ? [`  ${counted(gone, 'finding')} in it ${gone === 1 ? 'is' : 'are'} gone; --write-baseline drops them`]
      : []),
    '',
  ];
}

function shown({ severity, control, resource, file, region }: Finding): string {
  const place = file === undefined ? '' : ` at ${file}:${region?.line ?? 1}`;
  return `${severity} ${control} in ${resource.kind}/${resource.name}${place}`;
}

function placeOf({ file, line, column }: CoverageEntry): string {
  return file === undefined ? '' : `${file}:${line ?? 1}:${column ?? 1}  `;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
