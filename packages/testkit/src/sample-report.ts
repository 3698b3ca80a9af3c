import {
  type Control,
  type ControlInfo,
  type CoverageEntry,
  compareFindings,
  coverage,
  defineControl,
  type Finding,
  type Framework,
  type FrameworkResult,
  hash128,
  kinds,
  noRequirementCounts,
  type Rank,
  type ScanReport,
  type Target,
  workloads,
} from '@bulwark/core';

function control(
  info: Partial<ControlInfo> & Pick<ControlInfo, 'id' | 'severity' | 'problem' | 'remediation'>,
  appliesTo: Target,
): Control {
  return defineControl({
    aliases: [`other:${info.id}`],
    title: `Nothing may ${info.problem}`,
    message: '{resource} is bad.',
    profile: 'default',
    since: '0.1.0',
    rationale: 'A sample says nothing about the world.',
    references: [],
    attack: ['T1611'],
    ...info,
    appliesTo,
    looks: 'object',
    reads: [],
    evaluate: () => [],
  });
}

const hostPid = control(
  {
    id: 'sample-host-pid',
    severity: 'high',
    problem: "share the host's process namespace",
    remediation:
      'Remove hostPID, or set it to false. Node agents that need it belong in a namespace of their own.',
  },
  workloads,
);
const privileged = control(
  {
    id: 'sample-privileged',
    severity: 'critical',
    problem: 'run a privileged container',
    remediation:
      'Remove privileged, or set it to false. Add only the capabilities the program needs with capabilities.add, and reach devices through a device plugin.',
  },
  workloads,
);
const noPolicy = control(
  {
    id: 'sample-no-policy',
    severity: 'medium',
    problem: 'have no network policy',
    remediation: 'Add a NetworkPolicy that selects every pod of the namespace and denies what is not named.',
  },
  kinds('Namespace'),
);
const latestTag = control(
  { id: 'sample-latest-tag', severity: 'low', problem: 'use a moving tag', remediation: 'Name a digest.' },
  workloads,
);

/** A framework that the sample controls decide. */
const SAMPLE_FRAMEWORK: Framework = {
  id: 'sample',
  title: 'Sample framework',
  version: '1.0',
  source: 'https://example.com/framework',
  requirements: [
    {
      id: 'host-namespaces',
      title: 'Requirement host-namespaces',
      coverage: { kind: 'automated', controls: ['sample-host-pid'] },
    },
    {
      id: 'privileged',
      title: 'Requirement privileged',
      coverage: { kind: 'automated', controls: ['sample-privileged'] },
    },
  ],
};

/** The controls of sample reports: one of each severity from critical to low, one of them on namespaces. */
export const SAMPLE_CONTROLS: readonly Control[] = [privileged, hostPid, noPolicy, latestTag];

/** What a sample finding is made from; the rest follows from it. */
export interface SampleFinding {
  readonly control: Control;
  readonly message: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly container?: string;
  /** Undefined for a live object. */
  readonly file?: string | undefined;
  readonly line?: number;
}

/** A finding for the tests of what prints findings. */
export function sampleFinding(sample: SampleFinding): Finding {
  const {
    control: { id, severity, appliesTo },
    message,
    kind = 'Deployment',
    name,
    namespace = 'shop',
    container,
    file,
    line = 1,
  } = sample;
  const isWorkload = appliesTo.per !== 'object';
  const path =
    container === undefined ? 'spec' : `spec.template.spec.containers[${container}].securityContext`;
  return {
    fingerprint: hash128([id, namespace, kind, name, container ?? '', file ?? '', line].join('|')),
    control: id,
    severity,
    message,
    resource: { apiVersion: isWorkload ? 'apps/v1' : 'v1', kind, namespace, name },
    ...(isWorkload && { workload: `${kind}/${name}` }),
    ...(container !== undefined && { container }),
    path,
    ...(file !== undefined && { file, region: { line, column: 5, endLine: line + 1, endColumn: 9 } }),
    semanticPath: path,
    isFixable: false,
  };
}

/** A report with these findings and nothing lost; `overrides` replaces any of its parts. */
export function sampleReport(findings: readonly Finding[], overrides: Partial<ScanReport> = {}): ScanReport {
  const resources =
    new Set(findings.map(({ resource }) => `${resource.kind}/${resource.namespace}/${resource.name}`)).size +
    10;
  return {
    version: '0.1.0',
    kubernetes: '1.37',
    inputs: ['deploy'],
    controls: SAMPLE_CONTROLS,
    findings: findings.toSorted(compareFindings),
    exceptions: [],
    withheld: 0,
    frameworks: [],
    knownFrameworks: [SAMPLE_FRAMEWORK],
    coverage: [],
    totals: { files: 7, documents: resources, resources, workloads: resources - 5 },
    ...overrides,
  };
}

/** A report of a scan that found no object at all. */
export function emptyReport(): ScanReport {
  return sampleReport([], { totals: { files: 0, documents: 0, resources: 0, workloads: 0 } });
}

/** A report with something in each of its parts: groups of one and of many, a live object, losses, notes, verdicts. */
export function smallReport(): ScanReport {
  const sharing = (name: string, file: string, line: number): Finding =>
    sampleFinding({
      control: hostPid,
      message: `Deployment/${name} shares the host's process namespace.`,
      name,
      file,
      line,
    });
  const findings = [
    sampleFinding({
      control: privileged,
      message: 'Container app of DaemonSet/agent is privileged.',
      kind: 'DaemonSet',
      name: 'agent',
      container: 'app',
      file: 'deploy/agent.yaml',
      line: 31,
    }),
    sharing('web', 'deploy/web.yaml', 12),
    sharing('api', 'deploy/web.yaml', 48),
    sharing('worker', 'deploy/worker.yaml', 9),
    sampleFinding({
      control: noPolicy,
      message: 'Namespace/shop has no network policy.',
      kind: 'Namespace',
      name: 'shop',
      namespace: '',
      file: 'deploy/namespaces.yaml',
      line: 2,
    }),
    sampleFinding({
      control: noPolicy,
      message: 'Namespace/live has no network policy.',
      kind: 'Namespace',
      name: 'live',
      namespace: '',
    }),
    sampleFinding({
      control: latestTag,
      message: 'Container app of Deployment/web has the tag latest.',
      name: 'web',
      container: 'app',
      file: 'deploy/web.yaml',
      line: 20,
    }),
  ];
  return sampleReport(findings, {
    ranks: smallRanks(),
    coverage: [...smallCoverage()],
    frameworks: [smallFramework()],
    verdicts: findings.map(({ control: id, resource }) => ({
      control: id,
      resource,
      verdict: 'fail' as const,
    })),
  });
}

/** The root cause with the most points is not of the worst severity. */
function smallRanks(): ReadonlyMap<string, Rank> {
  const door = 'open to the Internet by Service web, a load balancer';
  const unknown = ['Nothing says how much depends on them.'];
  return new Map([
    [
      hostPid.id,
      sampleRank(
        [
          ['high control', 35],
          ['found in 3 objects', 6],
          [`Deployment shop/web: ${door}`, 20],
          ['in production', 5],
        ],
        { why: `Deployment shop/web is ${door}.`, unknown },
      ),
    ],
    [privileged.id, sampleRank([['critical control', 60]])],
    [
      noPolicy.id,
      sampleRank([
        ['medium control', 15],
        ['found in 2 objects', 4],
        ['in test environments only', -15],
      ]),
    ],
    [latestTag.id, sampleRank([['low control', 5]])],
  ]);
}

/** A rank of these lines. */
export function sampleRank(
  lines: readonly (readonly [label: string, points: number])[],
  { why, unknown = [] }: { readonly why?: string; readonly unknown?: readonly string[] } = {},
): Rank {
  const points = lines.reduce((sum, [, each]) => sum + each, 0);
  return { points, lines: lines.map(([label, each]) => ({ label, points: each })), why, unknown };
}

function smallCoverage(): CoverageEntry[] {
  return [
    coverage('invalid-yaml', 'A mapping value is not allowed here.', {
      file: 'deploy/broken.yaml',
      line: 3,
      column: 7,
    }),
    coverage('control-error', 'The control sample-host-pid failed on Deployment/odd.'),
    coverage('not-kubernetes', 'There is no apiVersion and kind in it.', {
      file: 'deploy/values.yaml',
      line: 1,
      column: 1,
    }),
    coverage('ignored-files', '12 files in hidden folders were skipped.'),
  ];
}

function smallFramework(): FrameworkResult {
  const requirement = (
    id: string,
    verdict: 'fail' | 'pass',
    controls: readonly string[],
  ): FrameworkResult['requirements'][number] => ({
    id,
    title: `Requirement ${id}`,
    verdict,
    counts: { ...noRequirementCounts(), pass: 8, ...(verdict === 'fail' && { fail: 3 }) },
    controls,
  });
  const review: FrameworkResult['requirements'][number] = {
    id: 'review',
    title: 'Someone looks at it',
    verdict: 'manual',
    counts: { ...noRequirementCounts(), manual: 1 },
    controls: [],
    reason: 'Only people can tell whether a review took place.',
  };
  const requirements = [
    requirement('host-namespaces', 'fail', ['sample-host-pid']),
    requirement('privileged', 'fail', ['sample-privileged']),
    requirement('tags', 'pass', ['sample-latest-tag']),
    review,
  ];
  return { id: 'sample', title: 'Sample framework', version: '1.0', verdict: 'fail', requirements };
}

/** A report with many findings, always the same ones. */
export function bigReport(count: number): ScanReport {
  const findings = Array.from({ length: count }, (_item, index) => {
    const rule = SAMPLE_CONTROLS[index % SAMPLE_CONTROLS.length] ?? hostPid;
    const name = `app-${index % 5000}`;
    return sampleFinding({
      control: rule,
      message: `Container main of Deployment/${name} is bad in way ${index}.`,
      name,
      namespace: `team-${index % 97}`,
      container: 'main',
      file: `clusters/production/team-${index % 97}/${name}.yaml`,
      line: 1 + (index % 400),
    });
  });
  return sampleReport(findings);
}
