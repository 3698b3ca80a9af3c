import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coverage, type Exception, type Finding, type ScanReport, textsParam } from '@bulwark/core';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleReport,
  smallReport,
} from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportOptions } from '../report-format.ts';
import { junit } from './junit.ts';
import { xmlText } from './xml.ts';

const GOLDEN = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const OPTIONS = { width: 80, color: false, showAll: false, failOn: 'high', command: 'bulwark scan' } as const;
const EXCEPTION: Exception = {
  origin: 'configuration',
  source: 'bulwark.yaml:3',
  scope: {},
  reason: 'The agent reads every process.',
  owner: 'platform',
  until: '2027-01-31',
};
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const TOKEN =
  /<\/(?<closed>[a-z-]+)>|<(?<name>[a-z-]+)(?<list>(?: [a-z]+="(?:[^"<&]|&#\d+;)*")*)(?<empty>\/?)>|[^<&]|&#\d+;/y;

function textOf(report: ScanReport, options: Partial<ReportOptions> = {}): string {
  return [...junit.write(report, { ...OPTIONS, ...options })].join('');
}

/** The tags that open or are empty. Reads XML as strictly as the format needs it; throws where it is not well formed. */
function tagsOf(xml: string): string[] {
  if (!xml.startsWith(HEAD)) throw new Error('there is no declaration');
  const open: string[] = [];
  const tags: string[] = [];
  for (let at = HEAD.length; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    if (token === null) throw new Error(`not well formed at ${xml.slice(at, at + 40)}`);
    const { closed, name, list, empty } = token.groups ?? {};
    if (closed !== undefined && open.pop() !== closed) throw new Error(`${closed} was not open`);
    if (name === undefined) continue;
    tags.push(name + list);
    if (empty === '') open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join()} is not closed`);
  return tags;
}

function countOf(tags: readonly string[], name: string): number {
  return tags.filter((tag) => tag.split(' ')[0] === name).length;
}

function attribute(tag: string | undefined, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag ?? '')?.[1];
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

function onWeb(message: string, file = 'web.yaml'): Finding {
  const [control] = SAMPLE_CONTROLS;
  if (control === undefined) throw new Error('there are no sample controls');
  return sampleFinding({ control, message, name: 'web', file });
}

describe('the JUnit XML', () => {
  it.each([
    { name: 'empty', report: emptyReport() },
    { name: 'decided', report: decidedReport() },
  ])('is as in the golden file $name, which UPDATE_GOLDEN=1 writes', ({ name, report }) => {
    const file = join(GOLDEN, `${name}.xml`);
    const text = textOf(report);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);

    expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  });

  it('is well formed, and its counts are those of its tests', () => {
    const tags = tagsOf(textOf(decidedReport(), { strict: true }));
    const [all] = tags;

    expect(attribute(all, 'tests')).toBe(String(countOf(tags, 'testcase')));
    expect(attribute(all, 'failures')).toBe(String(countOf(tags, 'failure')));
    expect(attribute(all, 'errors')).toBe(String(countOf(tags, 'error')));
    expect(attribute(all, 'skipped')).toBeUndefined();
    const ofEach = tags
      .filter((tag) => tag.startsWith('testsuite '))
      .map((tag) => Number(attribute(tag, 'skipped')));
    expect(ofEach.reduce((sum, each) => sum + each, 0)).toBe(countOf(tags, 'skipped'));
    expect(['failure', 'error', 'skipped'].map((name) => countOf(tags, name))).toEqual([3, 2, 1]);
  });

  it.each<{ failOn: ReportOptions['failOn']; strict: boolean; failed: readonly [number, number] }>([
    { failOn: 'never', strict: false, failed: [0, 0] },
    { failOn: 'critical', strict: false, failed: [0, 0] },
    { failOn: 'high', strict: false, failed: [3, 0] },
    { failOn: 'medium', strict: true, failed: [5, 2] },
    { failOn: 'low', strict: true, failed: [6, 2] },
  ])('fails what fails the scan from $failOn on, strictly: $strict', ({ failOn, strict, failed }) => {
    const tags = tagsOf(textOf(decidedReport(), { failOn, strict }));

    expect(['failure', 'error'].map((name) => countOf(tags, name))).toEqual(failed);
    expect(countOf(tags, 'system-out')).toBe(6 - failed[0]);
    expect(countOf(tags, 'testcase')).toBe(9);
  });

  it('is well formed whatever the texts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]>', '<!--', '&amp;', '\u0000', '\uffff'),
    );
    fc.assert(
      fc.property(text, (evil) => {
        const lost = [coverage('invalid-yaml', evil, { file: evil })];

        expect(tagsOf(textOf(sampleReport([onWeb(evil, evil)], { coverage: lost })))[0]).toContain(
          'failures="1"',
        );
      }),
    );
  });

  it('names a test the same wherever the object is written', () => {
    const names = ['a.yaml', 'b.yaml'].map((file) => {
      const tags = tagsOf(textOf(sampleReport([onWeb('It is bad.', file)])));
      return attribute(
        tags.find((tag) => tag.startsWith('testcase')),
        'name',
      );
    });

    expect(names).toEqual(['Deployment/web in shop, spec', 'Deployment/web in shop, spec']);
  });

  it('names the file where an object is in several, so that one more of them renames no other', () => {
    const namesOf = (...files: readonly string[]): (string | undefined)[] =>
      tagsOf(textOf(sampleReport(files.map((file) => onWeb('It is bad.', file)))))
        .filter((tag) => tag.includes('classname="bulwark.sample-privileged"'))
        .map((tag) => attribute(tag, 'name'));

    expect(namesOf('b.yaml', 'c.yaml')).toEqual([
      'Deployment/web in shop, spec, file b.yaml',
      'Deployment/web in shop, spec, file c.yaml',
    ]);
    expect(namesOf('a.yaml', 'b.yaml', 'c.yaml')).toEqual(
      expect.arrayContaining(namesOf('b.yaml', 'c.yaml')),
    );
  });

  it('keeps the worst of more findings than GitLab reads, unless all are asked for', () => {
    const report = bigReport(10_001);
    const failOn = 'low';

    expect(countOf(tagsOf(textOf(report, { failOn })), 'failure')).toBe(10_000);
    expect(countOf(tagsOf(textOf(report, { failOn, showAll: true })), 'failure')).toBe(10_001);
    expect(textOf(report)).toContain(
      'name="every finding is listed" time="0">\n      <skipped message="Only',
    );
    expect(junit.cut?.(report, OPTIONS)).toContain('Only the worst 10000 of 10001 findings');
    expect(junit.cut?.(report, { ...OPTIONS, showAll: true })).toBeUndefined();
  });

  it('lets no control pass whose findings were cut', () => {
    const [first, ...others] = SAMPLE_CONTROLS;
    const last = others.at(-1);
    if (first === undefined || last === undefined) throw new Error('there are too few sample controls');
    const worst = Array.from({ length: 10_000 }, (_item, index) =>
      sampleFinding({ control: first, message: 'It is bad.', name: `web-${index}`, file: 'a.yaml' }),
    );
    const least = sampleFinding({ control: last, message: 'It is bad.', name: 'web', file: 'a.yaml' });

    expect(textOf(sampleReport([...worst, least]))).toContain(
      `<testcase classname="bulwark.${last.id}" name="findings" time="0">\n      <skipped message="It has findings`,
    );
  });

  it('never uses the name of a test twice in a suite', () => {
    const findings = ['a.yaml', 'a.yaml', 'b.yaml'].map((file) => onWeb('It is bad.', file));
    const names = tagsOf(textOf(sampleReport(findings)))
      .filter((tag) => tag.includes('classname="bulwark.sample-privileged"'))
      .map((tag) => attribute(tag, 'name'));

    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(3);
  });

  it.each<{ when: string; report: ScanReport; skipped: number }>([
    { when: 'it had something to judge', report: sampleReport([]), skipped: 0 },
    { when: 'there was no object', report: emptyReport(), skipped: SAMPLE_CONTROLS.length },
    {
      when: 'one failed on an object',
      report: sampleReport([], {
        coverage: [coverage('control-error', 'Pod/a: sample-host-pid failed: oops')],
      }),
      skipped: 1,
    },
    {
      when: 'a parameter is missing',
      report: sampleReport([], {
        controls: SAMPLE_CONTROLS.map((control) => ({
          ...control,
          params: { teams: textsParam('The teams.') },
        })),
      }),
      skipped: SAMPLE_CONTROLS.length,
    },
    {
      when: 'the verdicts say that nothing passed',
      report: sampleReport([], { verdicts: [] }),
      skipped: SAMPLE_CONTROLS.length,
    },
  ])('says of a control without findings whether it passed: $when', ({ report, skipped }) => {
    expect(countOf(tagsOf(textOf(report, { strict: true })), 'skipped')).toBe(skipped);
  });

  it('shows what XML forbids', () => {
    expect(xmlText('a\u0000<b>\ufffe"\'&\u0085')).toBe('a\\x00&#60;b&#62;\ufffd&#34;&#39;&#38;\\x85');
  });
});
