import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coverage, type Exception, type ScanReport } from '@bulwark/core';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleReport,
  smallReport,
} from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { ReportOptions } from '../report-format.ts';
import { markdown } from './markdown.ts';

const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const GITHUB_LIMIT = 65_536;
const OPTIONS: ReportOptions = {
  width: 80,
  color: false,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan',
};
const EXCEPTION: Exception = {
  origin: 'configuration',
  source: 'bulwark.yaml:3',
  scope: {},
  reason: 'The agent reads every process, ask @platform.',
  owner: 'platform',
  until: '2027-01-31',
};

function textOf(report: ScanReport, options: Partial<ReportOptions> = {}): string {
  return [...markdown.write(report, { ...OPTIONS, ...options })].join('');
}

function decidedReport(): ScanReport {
  const [first, second, ...others] = smallReport().findings;
  if (first === undefined || second === undefined) throw new Error('the small report has too few findings');
  const requested = { ...EXCEPTION, isRequest: true };
  return {
    ...smallReport(),
    findings: [{ ...first, exception: EXCEPTION }, { ...second, requested }, ...others],
  };
}

/** Many root causes, each with many findings, and names as long as an attacker likes. */
function endlessReport(evil: string): ScanReport {
  const controls = Array.from({ length: 100 }, (_item, index) =>
    SAMPLE_CONTROLS.map((control) => ({ ...control, id: `${control.id}-${index}` })),
  ).flat();
  const findings = controls.flatMap((control) =>
    [1, 2, 3].map((line) => {
      const finding = sampleFinding({
        control,
        message: evil,
        kind: evil,
        name: evil,
        file: `${evil}${line}.yaml`,
      });
      return line === 3
        ? { ...finding, exception: { ...EXCEPTION, reason: evil + control.id, owner: evil } }
        : finding;
    }),
  );
  const lost = controls.map(() => coverage('invalid-yaml', evil, { file: evil }));
  const [framework] = smallReport().frameworks;
  const frameworks = controls.flatMap(() => (framework === undefined ? [] : [{ ...framework, title: evil }]));
  return sampleReport(findings, { controls, coverage: lost, frameworks });
}

describe('the comment', () => {
  it.each([
    { name: 'empty', report: emptyReport() },
    { name: 'small', report: smallReport() },
    { name: 'decided', report: decidedReport() },
  ])('is as in the golden file $name, which UPDATE_GOLDEN=1 writes', ({ name, report }) => {
    const file = join(GOLDEN, `${name}.md`);
    const text = textOf(report);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);

    expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  });

  it.each([
    { name: 'plain', evil: 'a long name '.repeat(400) },
    { name: 'marked', evil: '`|\\<>@'.repeat(800) },
  ])('stays within what GitHub takes, whatever there is to say: $name', ({ evil }) => {
    for (const showAll of [false, true]) {
      const text = textOf(endlessReport(evil), { showAll });

      expect(text.length).toBeLessThan(GITHUB_LIMIT);
      expect(text).toMatch(/Not listed: \d+ findings of \d+ other root causes/);
      expect(text).toContain('400 findings accepted by 400 exceptions');
    }
  });

  it('says how many root causes have no room for their details', () => {
    expect(textOf(endlessReport('`|\\<>@'.repeat(800)))).toMatch(/\d+ root causes without details here\./);
  });

  it('is short for many findings of few causes', () => {
    expect(textOf(bigReport(10_000)).length).toBeLessThan(8000);
    expect(textOf(bigReport(10_000))).toContain('- and 2490 more\n');
  });

  it('fails on nothing that an exception accepts', () => {
    const findings = smallReport().findings.map((finding) => ({ ...finding, exception: EXCEPTION }));
    const text = textOf(sampleReport(findings));

    expect(text).toContain('## Bulwark: nothing found that is not accepted\n');
    expect(text).toContain('7 findings accepted by 1 exception<');
    expect(text).not.toContain('Root cause');
  });

  it.each([
    { failOn: 'high', title: 'the scan fails on 4 findings' },
    { failOn: 'medium', title: 'the scan fails on 6 findings' },
    { failOn: 'never', title: '7 findings, none of which fails the scan' },
  ] as const)('says whether the scan fails on $failOn', ({ failOn, title }) => {
    expect(textOf(smallReport(), { failOn })).toContain(`## Bulwark: ${title}\n`);
  });

  it('lists what could not be judged unfolded', () => {
    const lost = Array.from({ length: 14 }, (_item, index) =>
      coverage('invalid-yaml', 'It ends too early.', { file: `${index}.yaml`, line: 3 }),
    );
    const text = textOf(sampleReport([], { coverage: lost }));

    expect(text).toContain('## Bulwark: nothing found in what could be judged\n');
    expect(text).toContain('**Not judged: 14 parts of the input.**\n\n- `0.yaml:3` It ends too early.\n');
    expect(text).toContain('- and 4 more\n');
  });

  it('lets no name speak for itself', () => {
    const evil = '</summary><img src=x onerror=alert(1)>\n\n# @team closes #1 [x](https://evil.example)';
    const [control] = SAMPLE_CONTROLS;
    if (control === undefined) throw new Error('there are no sample controls');
    const findings = [{ ...control, id: evil }].map((each) =>
      sampleFinding({ control: each, message: evil, name: evil, file: evil }),
    );
    const text = textOf(sampleReport(findings, { controls: [{ ...control, id: evil }] }));
    const outside = text.replaceAll(/`[^`\n]+`|<code>[^<\n]*<\/code>/g, '');

    expect(outside).not.toMatch(/<(?!\/?(details|summary|br)>|!-- bulwark -->)|@|\[|#1|https/);
  });
});
