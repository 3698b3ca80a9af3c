import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Control, coverage, type Finding, type ScanReport } from '@bulwark/core';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleRank,
  sampleReport,
  smallReport,
} from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { ReportOptions } from '../report-format.ts';
import { pretty } from './pretty.ts';

const ESCAPE = '\u001b';
const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const OPTIONS: ReportOptions = {
  width: 80,
  color: false,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan deploy',
};

function textOf(report: ScanReport, options: Partial<ReportOptions> = {}): string {
  return [...pretty.write(report, { ...OPTIONS, ...options })].join('');
}

function control(id: string): Control {
  const found = SAMPLE_CONTROLS.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`there is no control ${id}`);
  return found;
}

const hostPid = control('sample-host-pid');
const latestTag = control('sample-latest-tag');

/** Findings of a control on workloads of these names, each at a line of a file: `file:line name`. */
function findingsAt(of: Control, ...places: readonly string[]): Finding[] {
  return places.map((place) => {
    const [, file = '', line = '', name = ''] = /^(.+):(\d+) (.+)$/.exec(place) ?? [];
    return sampleFinding({
      control: of,
      message: `Deployment/${name} is bad.`,
      name,
      file,
      line: Number(line),
    });
  });
}

/** Variants of a control, to have many groups. */
function variantsOf(of: Control, count: number): Control[] {
  return Array.from({ length: count }, (_item, index) => ({ ...of, id: `${of.id}-${index}` }));
}

function hostileReport(): ScanReport {
  const evil = '\u001b]0;owned\u0007 ::error::\r\n##[add-mask]x\u202e';
  const finding = sampleFinding({
    control: hostPid,
    message: `${evil} is bad.`,
    name: evil,
    container: evil,
    file: `${evil}.yaml`,
  });
  return sampleReport([finding, ...findingsAt(hostPid, '::stop-commands::x.yaml:3 web')], {
    coverage: [coverage('invalid-yaml', evil, { file: '::error file=a::b.yaml', line: 1 })],
  });
}

describe('the text for people', () => {
  const manyLost = sampleReport([], {
    coverage: Array.from({ length: 8 }, (_item, index) =>
      coverage('invalid-yaml', 'A mapping value is not allowed here.', {
        file: `deploy/${index}.yaml`,
        line: 3,
      }),
    ),
  });

  it.each<{ name: string; report: ScanReport; options?: Partial<ReportOptions> }>([
    { name: 'empty', report: emptyReport() },
    { name: 'clear', report: sampleReport([]) },
    { name: 'lost', report: manyLost },
    { name: 'small-60', report: smallReport(), options: { width: 60 } },
    { name: 'small-80', report: smallReport() },
    { name: 'small-120', report: smallReport(), options: { width: 120 } },
    { name: 'small-unlimited', report: smallReport(), options: { width: 0 } },
    { name: 'small-all', report: smallReport(), options: { showAll: true } },
    { name: 'small-color', report: smallReport(), options: { color: true } },
    { name: 'hostile', report: hostileReport() },
  ])('is as in the golden file $name, which UPDATE_GOLDEN=1 writes', ({ name, report, options }) => {
    const file = join(GOLDEN, `${name}.txt`);
    const text = textOf(report, options);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);

    expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  });

  it.each([50, 60, 80, 120, 200])('stays within %d columns, whatever the words', (width) => {
    const long = 'x'.repeat(300);
    const findings = [
      ...smallReport().findings,
      sampleFinding({
        control: hostPid,
        message: `${long} is bad.`,
        name: long,
        container: long,
        file: 'a.yaml',
      }),
    ];
    const report = { ...smallReport(), findings, coverage: [coverage('too-deep', long, { file: 'b.yaml' })] };

    for (const showAll of [false, true])
      for (const line of textOf(report, { width, showAll }).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it('never breaks a place or a command, so that it can be clicked or copied', () => {
    const file = `deploy/${'folder with space/'.repeat(8)}web.yaml`;
    const text = textOf(sampleReport(findingsAt(hostPid, `${file}:7 a`, `${file}:9 b`)), {
      command: `bulwark scan ${file}`,
    });

    expect(text).toContain(`  ${file}:7\n`);
    expect(text).toContain(`bulwark scan ${file} --all\n`);
  });

  it('is the same with colours but for the colours, and no label is a colour alone', () => {
    const colored = textOf(smallReport(), { color: true });

    expect(colored.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')).toBe(textOf(smallReport()));
    expect(colored).toContain('\u001b[1;38;5;202mHIGH\u001b[0m');
  });

  it('prints no control character of an input, and no line that a build server obeys', () => {
    for (const showAll of [false, true]) {
      const lines = textOf(hostileReport(), { showAll, command: 'bulwark scan \u001b[2J' }).split('\n');

      expect(lines.filter((line) => /[\p{Cc}\p{Cf}]|##\w*\[|^\s*::[a-z]/u.test(line))).toEqual([]);
    }
  });
});

describe('the text for people folds', () => {
  it.each([
    { places: ['a.yaml:1 a'], text: 'a.yaml:1 (Deployment/a)\n' },
    { places: ['a.yaml:1 a', 'a.yaml:9 b'], text: 'a.yaml:1 (Deployment/a) and 1 more in this file\n' },
    { places: ['a.yaml:1 a', 'b.yaml:1 b'], text: 'a.yaml:1 (Deployment/a) and 1 more in 1 other file\n' },
    {
      places: ['a.yaml:1 a', 'a.yaml:9 b', 'b.yaml:1 c', 'c.yaml:1 d'],
      text: 'a.yaml:1 (Deployment/a) and 3 more (2 in 2 other files)\n',
    },
  ])('the places of a group: $text', ({ places, text }) => {
    expect(textOf(sampleReport(findingsAt(hostPid, ...places)))).toContain(`  ${text}`);
  });

  it('live objects, named with their namespace', () => {
    const live = ['a', 'b'].map((name) =>
      sampleFinding({ control: hostPid, message: '', name, container: 'app' }),
    );

    expect(textOf(sampleReport(live))).toContain(
      '  Deployment/b in namespace shop, container app and 1 more\n',
    );
  });

  it('low findings into a count, but not when they make the scan fail', () => {
    const report = sampleReport(findingsAt(latestTag, 'a.yaml:1 a', 'a.yaml:2 b'));

    expect(textOf(report)).toContain('LOW       2 low findings in 1 group, shown with --all\n');
    expect(textOf(report, { failOn: 'never' })).toContain('2 low findings in 1 group');
    for (const options of [{ showAll: true }, { failOn: 'low' as const }]) {
      expect(textOf(report, options)).toContain(
        'LOW       2 workloads use a moving tag  sample-latest-tag\n',
      );
      expect(textOf(report, options)).not.toContain('in 1 group');
    }
  });

  it('groups beyond twenty', () => {
    const controls = variantsOf(hostPid, 23);
    const report = sampleReport(
      controls.flatMap((each) => findingsAt(each, 'a.yaml:1 a', 'b.yaml:2 b')),
      { controls },
    );
    const headlines = (text: string): number =>
      text.split('\n').filter((line) => line.startsWith('HIGH')).length;

    expect(headlines(textOf(report))).toBe(20);
    expect(textOf(report)).toContain('MORE      6 findings in 3 more groups, shown with --all\n');
    expect(headlines(textOf(report, { showAll: true }))).toBe(23);
  });

  it('nothing with --all: every place and every coverage entry is there', () => {
    const report = { ...bigReport(500), coverage: smallReport().coverage };
    const text = textOf(report, { showAll: true, width: 0 });

    for (const { file, region, message } of report.findings)
      expect(text).toContain(`${file}:${region?.line} ${message}\n`);
    for (const { reason } of report.coverage) expect(text).toContain(reason);
    expect(text).not.toContain('--all');
  });

  it('what a more precise control says as well, and counts it', () => {
    const precise: Control = { ...hostPid, id: 'precise', refines: [latestTag.id] };
    const report = sampleReport(
      [...findingsAt(precise, 'a.yaml:1 a'), ...findingsAt(latestTag, 'a.yaml:1 a', 'a.yaml:2 b')],
      {
        controls: [precise, latestTag],
      },
    );

    expect(textOf(report)).toContain('1 low finding in 1 group');
    expect(textOf(report).replaceAll(/\s+/g, ' ')).toContain(
      '1 of the findings is not listed, because a more precise one is.',
    );
  });
});

describe('why a root cause comes first', () => {
  it('is said once of those that are worst in the same workload', () => {
    const rank = sampleRank([['a line', 5]], { why: 'Deployment shop/web is open to the Internet.' });
    const controls = [hostPid, latestTag];
    const text = textOf(
      sampleReport(
        controls.flatMap((each) => findingsAt(each, 'a.yaml:1 web')),
        { ranks: new Map(controls.map(({ id }) => [id, rank])) },
      ),
      { failOn: 'low' },
    );

    expect(text.split('Deployment shop/web is open to the Internet.')).toHaveLength(2);
    expect(text.match(/5 points/g)).toHaveLength(2);
  });
});

describe('the end of the text for people', () => {
  const lastLines = (report: ScanReport, options: Partial<ReportOptions> = {}): string => {
    const text = textOf(report, { width: 0, ...options });
    return text.slice(text.indexOf('JUDGED'));
  };

  it('says what was judged, found and lost, whether the scan fails, and what to do next', () => {
    expect(lastLines(smallReport())).toBe(
      [
        'JUDGED    16 objects (11 workloads) in 7 files against 4 controls for Kubernetes 1.37. ' +
          '1 critical, 3 high, 2 medium, 1 low. The scan fails: 4 of severity high or worse. 2 lost.',
        'NEXT      bulwark explain sample-host-pid says why it matters and what to change',
        '          bulwark scan deploy --all shows what is folded here',
        '',
      ].join('\n'),
    );
  });

  it.each([
    { failOn: 'critical', says: 'The scan fails: 1 of severity critical.' },
    { failOn: 'low', says: 'The scan fails: 7 of severity low or worse.' },
    { failOn: 'never', says: undefined },
  ] as const)('says with --fail-on $failOn: $says', ({ failOn, says }) => {
    const text = lastLines(smallReport(), { failOn });

    if (says === undefined) expect(text).not.toContain('fails');
    else expect(text).toContain(says);
  });

  it('names no next command when there is nothing to do', () => {
    expect(lastLines(sampleReport([]))).not.toContain('NEXT');
  });

  it('names --all only when something is folded', () => {
    const one = sampleReport(findingsAt(hostPid, 'a.yaml:1 a'));

    expect(lastLines(one)).not.toContain('--all');
    expect(lastLines({ ...one, coverage: [coverage('ignored-files', '3 files were skipped.')] })).toContain(
      '--all',
    );
  });
});

describe('without findings the text for people', () => {
  it.each([
    { name: 'is calm', report: sampleReport([]), says: 'Nothing that needs a change.' },
    {
      name: 'says what was not asked for',
      report: sampleReport([], { withheld: 2 }),
      says: 'Nothing as severe as asked for; 2 findings below it.',
    },
    {
      name: 'does not praise what it could not judge',
      report: sampleReport([], { coverage: [coverage('too-large', 'It has 80 MiB.', { file: 'a.yaml' })] }),
      says: 'Nothing in what could be judged; the rest stands below.',
    },
    {
      name: 'does not praise nothing',
      report: emptyReport(),
      says: 'No Kubernetes object that could be judged.',
    },
  ])('$name', ({ report, says }) => {
    expect(textOf(report).split('\n')[0]).toBe(`FOUND     ${says}`);
  });
});
