import { nonConformities } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from './registry.ts';
import { defineFormat, type ReportFormat } from './report-format.ts';

describe('the report formats', () => {
  it('never use an id twice', () => {
    const ids = REPORT_FORMATS.map(({ id }) => id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it.each(REPORT_FORMATS.map((format) => ({ id: format.id, format })))('conform: $id', ({ format }) => {
    expect(nonConformities(format)).toEqual([]);
  });
});

const GOOD: ReportFormat = defineFormat({
  id: 'plain',
  title: 'Everything as JSON in a line',
  *write({ findings, coverage }) {
    yield '[]\n';
    for (const part of [...findings, ...coverage])
      yield `${JSON.stringify(part).replace(/[\p{Cc}\u200e-\u202e]|##/gu, '?')}\n`;
  },
});
const FEW = 5000;
let calls = 0;

describe('the conformance test', () => {
  it('accepts a simple format', () => {
    expect(nonConformities(GOOD, FEW)).toEqual([]);
  });

  it.each([
    { fault: 'is not a slug', format: { ...GOOD, id: 'Plain Text' } },
    { fault: 'the title is not', format: { ...GOOD, title: 'short.' } },
    { fault: 'looks like a crash', format: { ...GOOD, write: () => [] } },
    { fault: 'does not end its last line', format: { ...GOOD, write: () => ['no end'] } },
    { fault: 'has findings and is not named', format: { ...GOOD, write: () => ['nothing\n'] } },
    { fault: 'could not be judged is not named', format: { ...GOOD, write: () => ['nothing\n'] } },
    { fault: 'is not printed the same way twice', format: { ...GOOD, write: () => [`${calls++}\n`] } },
    {
      fault: 'of an input is printed raw',
      format: { ...GOOD, write: ({ findings }) => findings.map(({ message }) => `${message}\n`) },
    },
    {
      fault: 'a build server would obey',
      format: { ...GOOD, write: ({ findings }) => findings.map(({ file }) => `${file}\n`) },
    },
    {
      fault: 'a command is printed that is no annotation',
      format: { ...GOOD, speaksTo: 'github', write: () => ['::add-mask::x\n'] },
    },
    {
      fault: 'a text of the input adds a command',
      format: {
        ...GOOD,
        speaksTo: 'github',
        write: ({ findings }) => findings.map(({ message }) => `::error title=x::${message}\n`),
      },
    },
    {
      fault: 'has a chunk of',
      format: { ...GOOD, write: (report, options) => [[...GOOD.write(report, options)].join('')] },
    },
  ] satisfies { fault: string; format: ReportFormat }[])(
    'says so when a format $fault',
    ({ fault, format }) => {
      expect(nonConformities(format, FEW).join('; ')).toContain(fault);
    },
  );
});
