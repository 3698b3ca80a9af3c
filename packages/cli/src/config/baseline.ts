import {
  type Exception,
  type Finding,
  formerFingerprint,
  openFindings,
  type ScanReport,
  stringAt,
  valueAt,
} from '@bulwark/core';
import { UsageError } from '../exit.ts';
import { readTextFile } from '../source/text-file.ts';

const SCHEMA = 'bulwark.baseline/v2';
/** All fingerprints in it are of version 1. */
const FORMER_SCHEMA = 'bulwark.baseline/v1';
const FINGERPRINT = /^[0-9a-f]{32}$/;

/** A finding as a baseline lists it; all but the fingerprint is for people. */
export interface BaselineEntry {
  readonly fingerprint: string;
  /** Of the fingerprint, where it is an earlier one. */
  readonly version?: 1 | undefined;
  readonly control?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: string | undefined;
  /** Tells known findings from those of a copy in another file; where the file moved, their number does. */
  readonly file?: string | undefined;
}

/** A baseline: what it lists, and the exception that covers exactly that. */
export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  readonly exception: Exception;
}

/**
 * Reads a baseline.
 *
 * @throws UsageError when the file is not one.
 */
export function readBaseline(file: string): Baseline {
  const text = readTextFile(file);
  if (!text.ok) throw new UsageError(`--baseline: ${file}: ${text.error}`);
  const value = parsed(text.value);
  if (value === undefined)
    throw new UsageError(`--baseline: ${file} is not a baseline; --write-baseline makes one`);
  const entries = value.findings.map((finding, index): BaselineEntry => {
    const fingerprint = stringAt(finding, 'fingerprint') ?? '';
    if (!FINGERPRINT.test(fingerprint))
      throw new UsageError(`--baseline: ${file}: findings.${index}.fingerprint is not a fingerprint`);
    const [control, kind, namespace, name, path, inFile] = [
      ...['control', 'kind', 'namespace', 'name', 'path', 'file'],
    ].map((key) => stringAt(finding, key));
    const isFormer = value.schema === FORMER_SCHEMA || valueAt(finding, ['version']) === 1;
    const version = isFormer ? { version: 1 as const } : {};
    return { fingerprint, ...version, control, kind, namespace, name, path, file: inFile };
  });
  const former = new Map(
    entries.flatMap((entry) => (entry.version === 1 ? [[entry.fingerprint, entry] as const] : [])),
  );
  const listed = filesByFingerprint(entries);
  const since = typeof value.date === 'string' ? ` of ${value.date}` : '';
  return {
    entries,
    exception: {
      origin: 'baseline',
      source: file,
      scope: { fingerprints: new Set(listed.keys()), listed, ...(former.size > 0 && { former }) },
      reason: `Known since the baseline${since}.`,
    },
  };
}

function filesByFingerprint(entries: readonly BaselineEntry[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { fingerprint, file = '' } of entries) {
    const known = files.get(fingerprint);
    if (known === undefined) files.set(fingerprint, [file]);
    else known.push(file);
  }
  return files;
}

/** Whether a text is a baseline, so that a new one may take its place. */
export function isBaseline(text: string): boolean {
  return parsed(text) !== undefined;
}

function parsed(
  text: string,
): { readonly schema: unknown; readonly date?: unknown; readonly findings: readonly unknown[] } | undefined {
  try {
    const value = JSON.parse(text) as { schema?: unknown; date?: unknown; findings?: unknown } | null;
    const isOne = value?.schema === SCHEMA || value?.schema === FORMER_SCHEMA;
    return isOne && Array.isArray(value.findings)
      ? { schema: value.schema, date: value.date, findings: value.findings }
      : undefined;
  } catch {
    // Reported by the caller, as anything else that is no baseline.
    return undefined;
  }
}

/** A new baseline, and what became of the old one that it follows. */
export interface NewBaseline {
  readonly entries: readonly BaselineEntry[];
  /** Of the old one, what was looked for and is there no more. */
  readonly gone: readonly BaselineEntry[];
}

/** What a scan looked at. */
export interface LookedAt {
  /** Every control there is, run or not. */
  readonly known: ReadonlySet<string>;
  /** All when empty. */
  readonly namespaces: readonly string[];
}

/**
 * The baseline after a scan: what is open, and what the old baseline accepts that is still there or was not looked for,
 * as its control did not run or its namespace was left out.
 */
export function nextBaseline(report: ScanReport, old: Baseline | undefined, lookedAt: LookedAt): NewBaseline {
  const accepted = report.exceptions.find(
    ({ exception }) => exception.source === old?.exception.source && exception.origin === 'baseline',
  );
  const findings = [...openFindings(report.findings), ...(accepted?.findings ?? [])];
  const entries = findings.map(entryOf);
  const ran = new Set(report.controls.map(({ id }) => id));
  const gone: BaselineEntry[] = [];
  for (const entry of missing(namedAnew(old?.entries ?? [], findings), entries))
    if (wasLookedFor(entry, ran, lookedAt)) gone.push(entry);
    else entries.push(entry);
  return { entries, gone };
}

/** Entries by the fingerprints that their findings have by now, where these are there. */
function namedAnew(
  entries: readonly BaselineEntry[],
  findings: readonly Finding[],
): readonly BaselineEntry[] {
  if (!entries.some(({ version }) => version === 1)) return entries;
  const now = new Map(findings.map((finding) => [formerFingerprint(finding), finding.fingerprint]));
  return entries.map(({ version, ...entry }) => {
    const fingerprint = version === 1 ? now.get(entry.fingerprint) : undefined;
    if (fingerprint !== undefined) return { ...entry, fingerprint };
    return version === undefined ? entry : { ...entry, version };
  });
}

/** Old entries for which there is no new one: of equal ones, those in files that the new ones do not name. */
function missing(old: readonly BaselineEntry[], now: readonly BaselineEntry[]): readonly BaselineEntry[] {
  const left = new Map([...filesByFingerprint(now)].map(([fingerprint, files]) => [fingerprint, [...files]]));
  const elsewhere = old.filter(({ fingerprint, file = '' }) => {
    const files = left.get(fingerprint) ?? [];
    const place = files.indexOf(file);
    if (place >= 0) files.splice(place, 1);
    return place < 0;
  });
  return elsewhere.filter(({ fingerprint }) => left.get(fingerprint)?.pop() === undefined);
}

function wasLookedFor(
  { control = '', kind, namespace, name }: BaselineEntry,
  ran: ReadonlySet<string>,
  { known, namespaces }: LookedAt,
): boolean {
  if (known.has(control) && !ran.has(control)) return false;
  return namespaces.length === 0 || namespaces.includes((kind === 'Namespace' ? name : namespace) ?? '');
}

function entryOf({
  fingerprint,
  control,
  resource: { kind, namespace, name },
  path,
  file,
}: Finding): BaselineEntry {
  return { fingerprint, control, kind, namespace, name, path, file };
}

/** A baseline as a file: one finding in a line, in the order of fingerprints, so that changes read well in a review. */
export function baselineText(entries: readonly BaselineEntry[], date: string): string {
  const lines = entries.map((entry) => JSON.stringify(entry)).sort();
  return `{\n"schema": "${SCHEMA}",\n"date": "${date}",\n"findings": [\n${lines.join(',\n')}\n]\n}\n`;
}
