import type { Control, CoverageEntry, Exception, Finding, Severity } from '@bulwark/core';
import { placeOf } from '../pretty/place.ts';
import { attributes, xmlText } from './xml.ts';

/** What came of a test. */
export type Outcome = 'failure' | 'error' | 'skipped' | 'passed';

/** One test: what came of it, the sentence that says so, and lines with all there is to know. */
export interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  readonly type?: string;
  readonly message: string;
  readonly lines: readonly string[];
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** What decides how a finding is told as a test. */
export interface CaseOptions {
  readonly control: Control | undefined;
  /** Whether a severity fails the scan. */
  readonly fails: (severity: Severity) => boolean;
  /** Whether the finding's object is written in several files. */
  readonly isInSeveral: (finding: Finding) => boolean;
}

/**
 * A finding as a test. Its name holds what a fingerprint holds, no line, and the file only where the object is in several,
 * so that a server sees the same test from build to build and sees it gone when it is fixed.
 */
export function findingCase(finding: Finding, { control, fails, isInSeveral }: CaseOptions): TestCase {
  const { file, region, severity, message, exception, requested } = finding;
  const lines = [
    ...placeLine(file, region),
    message,
    ...(control === undefined ? [] : [control.remediation]),
    ...(requested === undefined ? [] : [`An exception is asked for: ${decisionOf(requested)}`]),
  ];
  const base = { name: nameOf(finding, isInSeveral(finding)), file, line: region?.line };
  if (exception === undefined)
    return fails(severity)
      ? { ...base, outcome: 'failure', type: severity, message, lines }
      : {
          ...base,
          outcome: 'passed',
          message,
          lines: [`Severity ${severity}, which does not fail the scan.`, ...lines],
        };
  return { ...base, outcome: 'skipped', message: `Accepted: ${decisionOf(exception)}`, lines };
}

/** An object as the name of a test begins. */
export function objectOf({ resource: { kind, namespace, name } }: Finding): string {
  return namespace === '' ? `${kind}/${name}` : `${kind}/${name} in ${namespace}`;
}

function nameOf(finding: Finding, withFile: boolean): string {
  const { container, semanticPath, file } = finding;
  return [
    objectOf(finding),
    ...(container === undefined ? [] : [`container ${container}`]),
    semanticPath,
    ...(withFile && file !== undefined ? [`file ${file}`] : []),
  ].join(', ');
}

function decisionOf({ reason, owner, until }: Exception): string {
  const limits = [
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ];
  return limits.length === 0 ? reason : `${reason} (${limits.join(', ')})`;
}

function placeLine(
  file: string | undefined,
  region: Pick<NonNullable<Finding['region']>, 'line' | 'column'> | undefined,
): string[] {
  if (file === undefined) return [];
  return [region === undefined ? file : `${file}:${region.line}:${region.column}`];
}

/** What was lost, as a test that could not be run: an error where the scan fails on it. */
export function lostCase(
  { code, file, line, column, reason }: CoverageEntry,
  outcome: 'error' | 'skipped',
): TestCase {
  const place = line === undefined ? undefined : { line, column: column ?? 1 };
  return {
    name: placeOf({ ...(file !== undefined && { file }) }) ?? 'the scan',
    outcome,
    type: code,
    message: reason,
    lines: [...placeLine(file, place), reason],
    file,
    line,
  };
}

/** A test as XML, a line for each of its own lines. */
export function printCase(
  classname: string,
  { name, outcome, type, message, lines, file, line }: TestCase,
): string {
  const open = `    <testcase${attributes({ classname, name, file, line, time: 0 })}`;
  const text = lines.map(xmlText).join('\n');
  if (outcome === 'passed')
    return text === ''
      ? `${open}/>\n`
      : `${open}>\n      <system-out>${text}</system-out>\n    </testcase>\n`;
  // GitLab shows the text between the tags, Jenkins and GitHub's reporters the message too.
  return `${open}>\n      <${outcome}${attributes({ message, type })}>${text}</${outcome}>\n    </testcase>\n`;
}
