import type { ScanReport } from '@bulwark/core';
import { bigReport, emptyReport, sampleReport, smallReport } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { ReportOptions } from '../report-format.ts';
import { json } from './json.ts';

const OPTIONS: ReportOptions = {
  width: 0,
  color: true,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan',
};

type Json = Record<string, unknown>;

function textOf(report: ScanReport, showAll = false): string {
  return [...json.write(report, { ...OPTIONS, showAll })].join('');
}

function parsed(report: ScanReport, showAll = false): Json {
  return JSON.parse(textOf(report, showAll)) as Json;
}

describe('the JSON format', () => {
  it('says what an empty scan was', () => {
    expect(parsed(emptyReport())).toMatchObject({
      schema: 'bulwark.scan/v1',
      tool: { name: 'bulwark', version: '0.1.0' },
      kubernetes: '1.37',
      inputs: ['deploy'],
      findings: [],
      frameworks: [],
      coverage: [],
      summary: {
        files: 0,
        findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
        lost: 0,
        notes: 0,
      },
    });
  });

  it('lists root causes by their points, with what these are made of, which add up', () => {
    const { ranks } = parsed(smallReport(), true) as {
      readonly ranks: readonly {
        readonly control: string;
        readonly points: number;
        readonly lines: readonly { readonly points: number }[];
      }[];
    };

    expect(ranks.map(({ control, points }) => [control, points])).toEqual([
      ['sample-host-pid', 66],
      ['sample-privileged', 60],
      ['sample-latest-tag', 5],
      ['sample-no-policy', 4],
    ]);
    expect(ranks[0]).toMatchObject({
      why: 'Deployment shop/web is open to the Internet by Service web, a load balancer.',
      unknown: ['Nothing says how much depends on them.'],
    });
    for (const { points, lines } of ranks)
      expect(lines.reduce((sum, line) => sum + line.points, 0)).toBe(points);
  });

  it('says all of a finding, and leaves out what it does not have', () => {
    const report = smallReport();
    const [inContainer] = report.findings;
    const onLiveObject = report.findings.find(({ file }) => file === undefined);

    const { findings } = parsed(
      sampleReport([inContainer, onLiveObject].filter((finding) => finding !== undefined)),
    );

    expect(findings).toEqual([
      {
        fingerprint: inContainer?.fingerprint,
        control: 'sample-privileged',
        severity: 'critical',
        message: 'Container app of DaemonSet/agent is privileged.',
        resource: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'shop', name: 'agent' },
        workload: 'DaemonSet/agent',
        container: 'app',
        path: 'spec.template.spec.containers[app].securityContext',
        file: 'deploy/agent.yaml',
        line: 31,
        column: 5,
        endLine: 32,
        fixable: false,
      },
      {
        fingerprint: onLiveObject?.fingerprint,
        control: 'sample-no-policy',
        severity: 'medium',
        message: 'Namespace/live has no network policy.',
        resource: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'live' },
        path: 'spec',
        fixable: false,
      },
    ]);
  });

  it('says every finding, folded or not, in a line of its own', () => {
    const report = bigReport(1000);
    const lines = textOf(report)
      .split('\n')
      .filter((line) => line.includes('"fingerprint":'))
      .map((line) => JSON.parse(line.replace(/,$/, '')) as Json);

    expect(lines.map(({ fingerprint }) => fingerprint)).toEqual(
      report.findings.map(({ fingerprint }) => fingerprint),
    );
  });

  it('says of a control once what its findings have in common, with its requirements in this scan', () => {
    expect(parsed(smallReport())['controls']).toMatchObject({
      'sample-host-pid': {
        title: "Nothing may share the host's process namespace",
        severity: 'high',
        profile: 'default',
        aliases: ['other:sample-host-pid'],
        attack: ['T1611'],
        frameworks: ['sample/host-namespaces'],
      },
      'sample-no-policy': { frameworks: [] },
    });
  });

  it('has verdicts, and their counts, only on demand', () => {
    const { verdicts, ...without } = smallReport();

    expect(parsed(smallReport())).toMatchObject({ summary: { verdicts: { fail: 7, pass: 0 } } });
    expect(parsed({ ...without, verdicts: verdicts?.slice(0, 2) ?? [] })['verdicts']).toHaveLength(2);
    expect(parsed(without)).not.toHaveProperty('verdicts');
    expect(parsed(without)).not.toHaveProperty('summary.verdicts');
  });

  it('says what was lost and what was noted', () => {
    const { coverage, summary } = parsed(smallReport());

    expect(coverage).toEqual(
      smallReport().coverage.map((entry) => expect.objectContaining(entry) as unknown),
    );
    expect(summary).toMatchObject({ lost: 2, notes: 2 });
  });

  it('is not coloured', () => {
    expect(textOf(smallReport())).not.toContain('\u001b');
  });
});
