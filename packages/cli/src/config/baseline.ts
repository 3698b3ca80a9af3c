import { type Exception, type Finding, openFindings, stringAt } from '@bulwark/core';
import { UsageError } from '../exit.ts';
import { readTextFile } from '../source/text-file.ts';

const SCHEMA = 'bulwark.baseline/v1';
const FINGERPRINT = /^[0-9a-f]{32}$/;

/**
 * A baseline as an exception that covers exactly the findings in it.
 *
 * @throws UsageError when the file is not a baseline.
 */
export function readBaseline(file: string): Exception {
  const text = readTextFile(file);
  if (!text.ok) throw new UsageError(`--baseline: ${file}: ${text.error}`);
  const value = parsed(text.value);
  const findings = Array.isArray(value?.findings) ? value.findings : undefined;
  if (value?.schema !== SCHEMA || findings === undefined)
    throw new UsageError(`--baseline: ${file} is not a baseline; --write-baseline makes one`);
  const fingerprints = findings.map((finding, index) => {
    const fingerprint = stringAt(finding, 'fingerprint') ?? '';
    if (!FINGERPRINT.test(fingerprint))
      throw new UsageError(`--baseline: ${file}: findings.${index}.fingerprint is not a fingerprint`);
    return fingerprint;
  });
  const since = typeof value.date === 'string' ? ` of ${value.date}` : '';
  return {
    origin: 'baseline',
    source: file,
    scope: { fingerprints: new Set(fingerprints) },
    reason: `Known since the baseline${since}.`,
  };
}

function parsed(text: string): { schema?: unknown; date?: unknown; findings?: unknown } | undefined {
  try {
    return JSON.parse(text) as { schema?: unknown };
  } catch {
    // Reported by the caller, as anything else that is no baseline.
    return undefined;
  }
}

/** The open findings as a baseline: one in a line, in the order of fingerprints, so that changes read well in a review. */
export function baselineOf(findings: readonly Finding[], date: string): string {
  const lines = openFindings(findings)
    .map(({ fingerprint, control, resource: { kind, namespace, name }, path }) =>
      JSON.stringify({ fingerprint, control, kind, namespace, name, path }),
    )
    .sort();
  const unique = lines.filter((line, index) => line !== lines[index - 1]);
  return `{\n"schema": "${SCHEMA}",\n"date": "${date}",\n"findings": [\n${unique.join(',\n')}\n]\n}\n`;
}
