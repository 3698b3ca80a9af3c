import { coverage, type ScanReport } from '@bulwark/core';
import type { ReportFormat, ReportOptions } from '@bulwark/formats';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleRank,
  sampleReport,
  smallReport,
} from './sample-report.ts';

const OPTIONS: ReportOptions = {
  width: 80,
  color: false,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan deploy',
};
const BIG = 100_000;
const LONGEST_CHUNK = 1_000_000;
/** Line ends apart: controls, marks that turn the direction of text, lone surrogates. */
const RAW = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** What GitHub, Azure Pipelines and TeamCity obey in the output of a build. */
const COMMAND = /^\s*::[A-Za-z]|##\w*\[/;
/** The commands with which a format that speaks to GitHub annotates a file. */
const ANNOTATION =
  /^::(error|warning|notice) ((file|line|endLine|col|endColumn|title)=[^,:]*(,(?!:)|(?=::)))+::/;
const HOSTILE = [
  '\u001b[31mred',
  'a\r\nb',
  '\u009b2J',
  'abc\u202edef',
  '\u0000',
  '\ud800',
  '</script>',
  '"\\',
  '&<>',
  '\u2028',
  '::add-mask::x',
  'a\r\n::error title=b::c',
  '##vso[task.x]',
];
/** As many texts, each different, in which nothing is to be obeyed. */
const HARMLESS = HOSTILE.map((_text, index) => `text-${index}`);

/**
 * What every report format must do, tried on an empty report, a small one, a hostile one and one of `size` findings.
 * Returns what the format does not do, one sentence for each; nothing when it conforms.
 */
export function nonConformities(format: ReportFormat, size = BIG): string[] {
  return [
    ...faceFaults(format),
    ...contentFaults(format),
    ...purityFaults(format),
    ...hostileFaults(format),
    ...sizeFaults(format, size),
  ];
}

function textOf(format: ReportFormat, report: ScanReport, options: Partial<ReportOptions> = {}): string {
  return [...format.write(report, { ...OPTIONS, ...options })].join('');
}

function* faceFaults({ id, title }: ReportFormat): Generator<string> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) yield `the id "${id}" is not a slug`;
  if (!/^[A-Z].{10,}[^.]$/.test(title))
    yield 'the title is not a line without a period that starts with a capital';
}

function* contentFaults(format: ReportFormat): Generator<string> {
  const empty = textOf(format, emptyReport());
  if (empty.trim() === '') yield 'an empty report prints nothing, which looks like a crash';
  const small = textOf(format, smallReport());
  for (const [what, text] of [
    ['empty', empty],
    ['small', small],
  ] as const)
    if (!text.endsWith('\n')) yield `the ${what} report does not end its last line`;
  for (const { control, file } of smallReport().findings) {
    if (control === 'sample-latest-tag') continue; // Low findings may be folded.
    if (!small.includes(control)) yield `${control} has findings and is not named`;
    if (control === 'sample-privileged' && !small.includes(file ?? ''))
      yield `the file of a finding of ${control} is not named`;
  }
  if (!small.includes('deploy/broken.yaml')) yield 'a file that could not be judged is not named';
}

function* purityFaults(format: ReportFormat): Generator<string> {
  const report = deepFreeze(smallReport());
  const once = textOf(format, report);
  const [first = '', second = ''] = printedTogether(format, report, emptyReport());
  if (first !== once) yield 'the same report is not printed the same way twice';
  if (second !== textOf(format, emptyReport())) yield 'two reports cannot be printed at the same time';
}

/** Prints two reports by taking their chunks in turn. */
function printedTogether(format: ReportFormat, ...reports: readonly ScanReport[]): string[] {
  const running = reports.map((report) => ({
    chunks: format.write(report, OPTIONS)[Symbol.iterator](),
    text: '',
  }));
  let isRunning = true;
  while (isRunning) {
    isRunning = false;
    for (const print of running) {
      const { done, value } = print.chunks.next();
      if (done === true) continue;
      print.text += value;
      isRunning = true;
    }
  }
  return running.map(({ text }) => text);
}

/** Freezes what a format must not change; functions and typed arrays inside are left alone. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

function hostileReport(texts: readonly string[] = HOSTILE): ScanReport {
  const findings = texts.flatMap((text, index) =>
    SAMPLE_CONTROLS.map((control) =>
      sampleFinding({
        control,
        message: `Here is ${text}.`,
        kind: `Kind${text}`,
        name: `name${text}`,
        namespace: text,
        container: text,
        file: `${text}/${index}.yaml`,
      }),
    ),
  );
  const lost = texts.map((text) =>
    coverage('invalid-yaml', `The text ${text} is wrong.`, { file: `${text}.yaml`, line: 1 }),
  );
  const text = texts.join(' ');
  const ranks = new Map(
    SAMPLE_CONTROLS.map(({ id }) => [id, sampleRank([[text, 5]], { why: text, unknown: [text] })]),
  );
  return sampleReport(findings, { coverage: lost, inputs: texts, kubernetes: '1.37', ranks });
}

function* hostileFaults(format: ReportFormat): Generator<string> {
  const command = `bulwark scan ${HOSTILE.join(' ')}`;
  for (const showAll of [false, true]) {
    const lines = textOf(format, hostileReport(), { showAll, command }).split('\n');
    const raw = lines.map((line) => RAW.exec(line)?.[0].codePointAt(0)).find((code) => code !== undefined);
    if (raw !== undefined)
      yield `the character U+${raw.toString(16).padStart(4, '0')} of an input is printed raw`;
    const commands = lines.filter((line) => COMMAND.test(line));
    if (format.speaksTo === undefined) {
      if (commands.length > 0) yield 'a line is printed that a build server would obey';
      continue;
    }
    if (commands.some((line) => !ANNOTATION.test(line) || /##\w*\[/.test(line)))
      yield 'a command is printed that is no annotation';
    const harmless = textOf(format, hostileReport(HARMLESS), { showAll }).split('\n');
    if (commands.length !== harmless.filter((line) => COMMAND.test(line)).length)
      yield 'a text of the input adds a command';
  }
}

function* sizeFaults(format: ReportFormat, size: number): Generator<string> {
  const report = bigReport(size);
  for (const showAll of [false, true]) {
    let longest = 0;
    for (const chunk of format.write(report, { ...OPTIONS, showAll }))
      longest = Math.max(longest, chunk.length);
    if (longest > LONGEST_CHUNK)
      yield `a report of ${size} findings has a chunk of ${longest} characters, more than ${LONGEST_CHUNK}`;
  }
}
