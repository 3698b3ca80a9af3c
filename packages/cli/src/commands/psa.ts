import { FRAMEWORKS } from '@bulwark/controls';
import { type Finding, type KubernetesVersion, labelsOf, objectAt } from '@bulwark/core';
import { ExitCode } from '../exit.ts';
import type { JudgeFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { type Judged, judge } from '../scan/pipeline.ts';
import { controlsOf } from './choose-controls.ts';
import { prepare } from './preparation.ts';

const LEVELS = ['restricted', 'baseline', 'privileged'] as const;
type Level = (typeof LEVELS)[number];

/** What a namespace could enforce today. */
interface NamespaceLevel {
  readonly namespace: string;
  readonly workloads: number;
  /** What its manifest enforces already; undefined when it says nothing. */
  readonly enforced?: string;
  /** The strictest level that every workload of it passes. */
  readonly passes: Level;
  /** The next stricter one, and the findings in its way. */
  readonly next?: Level;
  readonly blocking: readonly Finding[];
  readonly labels: Readonly<Record<string, string>>;
}

/** `bulwark psa`. Exceptions do not count here: the admission controller knows none. */
export async function runPsa(paths: readonly string[], flags: JudgeFlags, io: Io): Promise<number> {
  const progress = new Progress(io, true);
  const control = [...new Set([...controlIds('pss-baseline'), ...controlIds('pss-restricted')])];
  const { framework: _framework, exclude: _exclude, ...inputs } = flags;
  const { judgement } = await prepare(paths, { ...inputs, control }, io, { progress });
  const judged = await judge(judgement);
  progress.stop();
  const levels = levelsOf(judged, judgement.kubernetes);
  io.write(flags.format === 'json' ? jsonOf(levels, judgement.kubernetes) : prettyOf(levels));
  return ExitCode.ok;
}

function controlIds(framework: string): string[] {
  return controlsOf(FRAMEWORKS.filter(({ id }) => id === framework));
}

function levelsOf({ files, findings, world }: Judged, kubernetes: KubernetesVersion): NamespaceLevel[] {
  const baseline = new Set(controlIds('pss-baseline'));
  const restricted = new Set(controlIds('pss-restricted'));
  const workloads = new Map<string, number>();
  for (const { resource } of files.flatMap((file) => file.judged))
    if (resource.workloads.length > 0)
      workloads.set(resource.namespace, (workloads.get(resource.namespace) ?? 0) + 1);
  return [...workloads]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, count]): NamespaceLevel => {
      const own = findings.filter(({ resource }) => resource.namespace === namespace);
      const againstBaseline = own.filter(({ control }) => baseline.has(control));
      const againstRestricted = own.filter(({ control }) => restricted.has(control));
      const declared = world.find('Namespace', '', namespace);
      const enforced =
        declared && labelsOf(objectAt(declared.object, 'metadata'))['pod-security.kubernetes.io/enforce'];
      const passes: Level =
        againstBaseline.length > 0 ? 'privileged' : againstRestricted.length > 0 ? 'baseline' : 'restricted';
      const next = LEVELS[LEVELS.indexOf(passes) - 1];
      const blocking =
        passes === 'privileged' ? againstBaseline : passes === 'baseline' ? againstRestricted : [];
      return {
        namespace,
        workloads: count,
        ...(enforced !== undefined && { enforced }),
        passes,
        ...(next !== undefined && { next }),
        blocking,
        labels: labelsFor(passes, next ?? passes, kubernetes),
      };
    });
}

/** Enforces what passes, and warns of what the next level would refuse. */
function labelsFor(enforce: Level, warn: Level, { text }: KubernetesVersion): Record<string, string> {
  const prefix = 'pod-security.kubernetes.io';
  return {
    [`${prefix}/enforce`]: enforce,
    [`${prefix}/enforce-version`]: `v${text}`,
    [`${prefix}/warn`]: warn,
    [`${prefix}/audit`]: warn,
  };
}

function jsonOf(levels: readonly NamespaceLevel[], { text }: KubernetesVersion): string {
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
  return `${JSON.stringify({ schema: 'bulwark.psa/v1', kubernetes: text, namespaces }, undefined, 2)}\n`;
}

function prettyOf(levels: readonly NamespaceLevel[]): string {
  if (levels.length === 0) return 'There is no workload, so every namespace could enforce restricted.\n';
  return levels.map(describe).join('\n');
}

function describe({
  namespace,
  workloads,
  enforced,
  passes,
  next,
  blocking,
  labels,
}: NamespaceLevel): string {
  const today = enforced === undefined ? 'enforces nothing by its manifest' : `enforces ${enforced}`;
  const counted = `${workloads} ${workloads === 1 ? 'workload' : 'workloads'}`;
  const lines = [`${namespace}: ${passes} would pass (${counted}; it ${today})`];
  if (next !== undefined) {
    lines.push(`  ${next} is blocked by:`);
    for (const [control, found] of grouped(blocking)) {
      const subjects = [...new Set(found.map(({ resource }) => `${resource.kind}/${resource.name}`))];
      const more = subjects.length > MOST_NAMED ? ` and ${subjects.length - MOST_NAMED} more` : '';
      lines.push(`    ${control}: ${subjects.slice(0, MOST_NAMED).join(', ')}${more}`);
    }
  }
  const patch = JSON.stringify({ metadata: { labels } });
  lines.push(`  kubectl patch namespace ${namespace} --type merge -p '${patch}'`);
  return `${lines.join('\n')}\n`;
}

const MOST_NAMED = 5;

function grouped(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.control);
    if (group === undefined) groups.set(finding.control, [finding]);
    else group.push(finding);
  }
  return groups;
}
