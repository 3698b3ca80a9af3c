import type { CoverageEntry, Finding } from '@bulwark/core';
import { jsonText, visibleLine } from '@bulwark/formats';
import { quoteForShell } from '../shell.ts';
import { type NamespaceLevel, rankOf } from './psa-levels.ts';

/** What `bulwark psa` found out. */
export interface PodSecurityReport {
  readonly kubernetes: string;
  readonly coverage: readonly CoverageEntry[];
  readonly levels: readonly NamespaceLevel[];
}

const MOST_NAMED = 5;
const MOST_LOST = 20;
/** What the API server accepts as the name of a namespace: a label of RFC 1123. */
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** For programs. */
export function jsonOf({ kubernetes, coverage, levels }: PodSecurityReport): string {
  const namespaces = levels.map(({ blocking, ...level }) => ({
    ...level,
    blocking: blocking.map(({ control, resource, container, path, file, region, message }) => ({
      control,
      resource,
      container,
      path,
      file,
      line: region?.line,
      message,
    })),
  }));
  return `${jsonText({ schema: 'bulwark.psa/v1', kubernetes, coverage, namespaces }, 2)}\n`;
}

/** For people. */
export function prettyOf({ coverage, levels }: PodSecurityReport): string {
  const described =
    levels.length === 0
      ? [['No workload and no Namespace was read, so no level can be told.']]
      : levels.map(describe);
  return [...coverageLines(coverage), ...described]
    .map((lines) => lines.map((line) => `${visibleLine(line)}\n`).join(''))
    .join('\n');
}

/** Silence about what was not judged would be praise, so it comes first. */
function coverageLines(coverage: readonly CoverageEntry[]): string[][] {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const shown = lost.slice(0, MOST_LOST).map(entryLine);
  if (lost.length > MOST_LOST) shown.push(`  and ${lost.length - MOST_LOST} more; --format json lists them`);
  const notes = coverage.filter(({ kind }) => kind === 'note').map(({ code }) => code);
  const counts = [...new Set(notes)].map((code) => `${notes.filter((note) => note === code).length} ${code}`);
  const lines = [
    ...(lost.length === 0 ? [] : ['Could not be judged:', ...shown]),
    ...(counts.length === 0 ? [] : [`Worth knowing: ${counts.join(', ')}; bulwark scan --all lists them.`]),
  ];
  return lines.length === 0 ? [] : [lines];
}

function entryLine({ file, line, column, reason }: CoverageEntry): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `  ${place === '' ? '' : `${place}: `}${reason}`;
}

function describe(level: NamespaceLevel): string[] {
  const { namespace, workloads, next, blocking } = level;
  const counted = workloads === 0 ? '' : `${workloads} ${workloads === 1 ? 'workload' : 'workloads'}; `;
  const lines = [`${namespace}: ${claim(level)} (${counted}it ${today(level)})`];
  if (next !== undefined && blocking.length > 0) {
    lines.push(`  ${next} is blocked by:`);
    for (const [control, found] of grouped(blocking)) {
      const subjects = [...new Set(found.map(({ resource }) => `${resource.kind}/${resource.name}`))];
      const more = subjects.length > MOST_NAMED ? ` and ${subjects.length - MOST_NAMED} more` : '';
      lines.push(`    ${control}: ${subjects.slice(0, MOST_NAMED).join(', ')}${more}`);
    }
  }
  return [...lines, ...advice(level).map((line) => `  ${line}`)];
}

function claim({ passes, atMost, isEmpty }: NamespaceLevel): string {
  if (passes !== undefined) return `${passes} would pass`;
  if (isEmpty) return 'no workload of it was read, so no level can be told';
  return `at most ${atMost}, as not all that may belong to it could be judged`;
}

function today({ enforced, enforcedVersion }: NamespaceLevel): string {
  if (enforced === undefined) return 'enforces nothing by its manifest';
  return `enforces ${enforced}${enforcedVersion === undefined ? '' : ` as of ${enforcedVersion}`}`;
}

function advice({ namespace, passes, enforced, labels }: NamespaceLevel): string[] {
  if (passes === undefined) return [];
  if (rankOf(enforced) < rankOf(passes))
    return [`It enforces ${enforced} already, which refuses these pods; to weaken it, no patch is offered.`];
  if (labels === undefined) return ['Its labels say so already.'];
  if (!NAMESPACE.test(namespace)) return ['The API server accepts no namespace of this name.'];
  const patch = JSON.stringify({ metadata: { labels } });
  return [
    ['kubectl', 'patch', 'namespace', namespace, '--type', 'merge', '-p', patch].map(quoteForShell).join(' '),
  ];
}

function grouped(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.control);
    if (group === undefined) groups.set(finding.control, [finding]);
    else group.push(finding);
  }
  return groups;
}
