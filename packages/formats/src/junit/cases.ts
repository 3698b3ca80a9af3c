import type { Control, CoverageEntry, Exception, Finding } from '@bulwark/core';
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

/**
 * A finding as a test. Its name holds what a fingerprint holds, and neither file nor line, so that a server sees the
 * same test fail from build to build and sees it gone when it is fixed.
 */
export function findingCase(finding: Finding, control: Control | undefined): TestCase {
  const { file, region, severity, message, exception, requested } = finding;
  const lines = [
    ...placeLine(file, region),
    message,
    ...(control === undefined ? [] : [control.remediation]),
    ...(requested === undefined ? [] : [`An exception is asked for: ${decisionOf(requested)}`]),
  ];
  const base = { name: nameOf(finding), file, line: region?.line };
  if (exception === undefined) return { ...base, outcome: 'failure', type: severity, message, lines };
  return { ...base, outcome: 'skipped', message: `Accepted: ${decisionOf(exception)}`, lines };
}

function nameOf({ resource, container, semanticPath }: Finding): string {
  const { kind, namespace, name } = resource;
  const object = namespace === '' ? `${kind}/${name}` : `${kind}/${name} in ${namespace}`;
  return [object, ...(container === undefined ? [] : [`container ${container}`]), semanticPath].join(', ');
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

/** What was lost, as a test that could not be run. */
export function lostCase({ code, file, line, column, reason }: CoverageEntry): TestCase {
  const place = line === undefined ? undefined : { line, column: column ?? 1 };
  return {
    name: placeOf({ ...(file !== undefined && { file }) }) ?? 'the scan',
    outcome: 'error',
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
  if (outcome === 'passed') return `${open}/>\n`;
  // GitLab shows the text between the tags, Jenkins and GitHub's reporters the message too.
  const text = lines.map(xmlText).join('\n');
  return `${open}>\n      <${outcome}${attributes({ message, type })}>${text}</${outcome}>\n    </testcase>\n`;
}
