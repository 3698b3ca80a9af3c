import { type Control, coverage, type Exception, type Finding, type ScanReport } from '@bulwark/core';
import { emptyReport, SAMPLE_CONTROLS, sampleFinding, sampleReport, smallReport } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { github } from './github.ts';

const OPTIONS = { width: 80, color: false, showAll: false, failOn: 'high', command: 'bulwark scan' } as const;
const EXCEPTION: Exception = { origin: 'annotation', source: 'a.yaml:3', scope: {}, reason: 'We know.' };

function linesOf(report: ScanReport, showAll = false): string[] {
  return [...github.write(report, { ...OPTIONS, showAll })].join('').trimEnd().split('\n');
}

function control(id: string): Control {
  const found = SAMPLE_CONTROLS.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`there is no control ${id}`);
  return found;
}

const privileged = control('sample-privileged');
const hostPid = control('sample-host-pid');
const noPolicy = control('sample-no-policy');

function many(of: Control, count: number): Finding[] {
  return Array.from({ length: count }, (_item, index) =>
    sampleFinding({
      control: of,
      message: 'It is bad.',
      name: `w${index}`,
      file: `${of.id}.yaml`,
      line: index + 1,
    }),
  );
}

function countOf(lines: readonly string[], kind: string): number {
  return lines.filter((line) => line.startsWith(`::${kind} `)).length;
}

describe('the annotations', () => {
  it('stand beside the lines of a finding, with what to change', () => {
    expect(linesOf(smallReport())).toContain(
      "::error file=deploy/web.yaml,line=12,endLine=13,title=high%3A Nothing may share the host's process " +
        "namespace (sample-host-pid)::Deployment/web shares the host's process namespace.%0ARemove hostPID, " +
        'or set it to false. Node agents that need it belong in a namespace of their own.',
    );
  });

  it.each([
    { severity: 'critical', id: 'sample-privileged', kind: 'error' },
    { severity: 'high', id: 'sample-host-pid', kind: 'error' },
    { severity: 'medium', id: 'sample-no-policy', kind: 'warning' },
    { severity: 'low', id: 'sample-latest-tag', kind: 'notice' },
  ])('call a $severity finding $kind', ({ id, kind }) => {
    const lines = linesOf(smallReport()).filter((line) => line.includes(`(${id})`));

    expect(countOf(lines, kind)).toBe(lines.length);
    expect(lines).not.toEqual([]);
  });

  it('have a column where the finding is within a line, as GitHub demands', () => {
    const region = { line: 3, column: 7, endLine: 3, endColumn: 20 };
    const [finding] = many(hostPid, 1).map((each) => ({ ...each, region }));

    expect(linesOf(sampleReport(finding === undefined ? [] : [finding]))[0]).toContain(
      'line=3,endLine=3,col=7,title=',
    );
  });

  it('name the object of a live finding, which no file does', () => {
    const live = linesOf(smallReport()).find((line) => line.includes('Namespace/live'));

    expect(live).toMatch(/^::warning title=.*::Namespace\/live: Namespace\/live has no network policy\./);
  });

  it('encode what the runner decodes, and no more', () => {
    const finding = sampleFinding({
      control: hostPid,
      message: '100%: a,b; %0A::error::x\r\n::add-mask::y',
      name: 'w',
      file: './a%b,c:d=e.yaml',
    });
    const [line] = linesOf(sampleReport([finding]));

    expect(line).toContain('::error file=a%25b%2Cc%3Ad=e.yaml,line=1,');
    expect(line).toContain(String.raw`::100%25: a,b; %250A::error::x\r\n::add-mask::y%0ARemove`);
  });

  it('are at most ten of a kind, and one says how many are left', () => {
    const lines = linesOf(sampleReport([...many(privileged, 14), ...many(noPolicy, 11)]));

    expect(['error', 'warning', 'notice'].map((kind) => countOf(lines, kind))).toEqual([10, 10, 1]);
    expect(lines[0]).toBe(
      '::notice title=Bulwark shows the worst::Not annotated, because GitHub shows ten of each kind for a ' +
        'step: 4 errors, 1 warning.',
    );
  });

  it('leave room for the sentence about what is left', () => {
    const lines = linesOf(sampleReport(many(control('sample-latest-tag'), 30)));

    expect(countOf(lines, 'notice')).toBe(10);
  });

  it('are all there is with --all', () => {
    const lines = linesOf(sampleReport([...many(privileged, 14), ...many(noPolicy, 11)]), true);

    expect(['error', 'warning', 'notice'].map((kind) => countOf(lines, kind))).toEqual([14, 11, 0]);
  });

  it('show each root cause before they show one again', () => {
    const variants = Array.from({ length: 8 }, (_item, index) => ({ ...hostPid, id: `cause-${index}` }));
    const findings = variants.flatMap((variant) => many(variant, 9));
    const lines = linesOf(sampleReport(findings, { controls: variants }));

    for (const { id } of variants) expect(lines.join('\n')).toContain(`(${id})`);
  });

  it('leave out what an exception accepts, and count it', () => {
    const [first, second] = many(privileged, 2);
    if (first === undefined || second === undefined) throw new Error('there are no findings');
    const lines = linesOf(sampleReport([{ ...first, exception: EXCEPTION }, second]));

    expect(countOf(lines, 'error')).toBe(1);
    expect(lines.at(-1)).toBe('Bulwark: 1 finding in 12 objects, 1 under an exception.');
  });

  it('say that an exception is asked for', () => {
    const findings = many(privileged, 1).map((each) => ({ ...each, requested: EXCEPTION }));

    expect(linesOf(sampleReport(findings))[0]).toMatch(/%0AAn exception is asked for: We know\.$/);
  });

  it('warn of what could not be judged before they warn of findings', () => {
    const lost = Array.from({ length: 7 }, (_item, index) =>
      coverage('invalid-yaml', 'It ends too early.', { file: `${index}.yaml`, line: 3, column: 1 }),
    );
    const lines = linesOf(sampleReport(many(noPolicy, 20), { coverage: lost }));
    const warnings = lines.filter((line) => line.startsWith('::warning'));

    expect(warnings).toHaveLength(10);
    expect(warnings[0]).toBe(
      '::warning file=0.yaml,line=3,col=1,title=Not judged (invalid-yaml)::It ends too early.',
    );
    expect(warnings.filter((line) => line.includes('Not judged'))).toHaveLength(5);
    expect(lines[0]).toContain('15 warnings, 2 parts of the input that could not be judged.');
  });

  it('are absent where nothing was found, and a line says so', () => {
    expect(linesOf(emptyReport())).toEqual(['Bulwark: 0 findings in 0 objects.']);
  });
});
