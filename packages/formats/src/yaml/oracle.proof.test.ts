import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Choose, mutate, randomDocument } from './random-yaml.ts';
import { type ReadProblem, type ReadResult, readDocuments } from './read.ts';

interface Answer {
  readonly json?: string;
  readonly error?: string;
  readonly strict?: string;
  readonly rest?: boolean;
}

const RUNS = process.env['BULWARK_PROOF'] === 'full' ? 20_000 : 300;
const ORACLE = join('tools', 'yaml-oracle');
/** A comment that only the full parser takes, so that both readers are proved. */
const FULL = '# \u{1f642}\n';

const folder = mkdtempSync(join(tmpdir(), 'yaml-oracle-'));
const program = join(folder, 'oracle');
const build = spawnSync('go', ['build', '-o', program, '.'], {
  cwd: ORACLE,
  encoding: 'utf8',
  env: { ...process.env, GOFLAGS: '-mod=mod' },
});
const isBuilt = build.status === 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ask(texts: readonly string[]): Answer[] {
  const input = texts.map((yaml) => JSON.stringify({ yaml })).join('\n');
  const { stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const answers = stdout.split('\n').filter((line) => line !== '');
  if (answers.length !== texts.length) throw new Error(`the oracle failed: ${stderr}`);
  return answers.map((line) => JSON.parse(line) as Answer);
}

/** Mulberry32: the same documents in every run. */
function chooser(seed: number): Choose {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What one side says when it refuses a text alone, and what the text must have. */
type Difference = RegExp | { readonly said: RegExp; readonly text: RegExp };
type Differences = ReadonlyMap<string, Difference>;

/** The differences of `differences.md` by what the reader says when it refuses alone. */
const REFUSED: Differences = new Map<string, Difference>([
  ['duplicate-key', /^duplicate-key/],
  [
    'ambiguous',
    /ambiguous|begins with an indicator|other characters than letters|ends the line for some|two byte order marks|marker of a document is indented|own indentation/,
  ],
  [
    'flow-entry',
    { said: /missed comma|expected the node content/, text: /-\s*[,\]}]|:\s*[,\]}]|[&!]\S*\s*[#\r\n]/ },
  ],
  ['template', /^unrendered-template/],
  ['unused-value', /has no JSON form|does not fit its tag|beyond 63 bits|mapping key is null/],
  ['block-indent', { said: /bad indentation of a mapping entry/, text: /[|>][-+\d]*\s*(#.*)?\r?\n\s/ }],
]);
/** More of them, which only text has that nobody wrote so. */
const REFUSED_MUTATED: Differences = new Map<string, Difference>([
  ...REFUSED,
  ['directive-form', /directives end mark|argument of the YAML directive/],
  ['tag-characters', /tag suffix|tag name|tag handle|undeclared tag/],
  [
    'glued',
    {
      said: /line break is expected|whitespace character is expected|end of the stream or a document|missed comma|bad indentation/,
      text: /["'\]},[{][#:]|[|>]\S/,
    },
  ],
  ['root-text', { said: /end of the stream/, text: /(^|[\n\r])[ \t]+[^\s#]|^\ufeff/ }],
  ['block-column', { said: /end of the stream/, text: /[:-][ \t]*(#.*)?[\r\n]+ *[|>]/ }],
]);
/** The differences by what kubectl says when it refuses alone. */
const ACCEPTED: Differences = new Map<string, Difference>([
  ['tabs', { said: /cannot start any token|tab character/, text: /\t/ }],
  ['flow-indicators', /did not find expected ',' or|did not find expected node content/],
  ['implicit-keys', /mapping (values|keys) are not allowed|could not find expected ':'/],
  ['json-escapes', /unknown escape character/],
]);
const ACCEPTED_MUTATED: Differences = new Map<string, Difference>([
  ...ACCEPTED,
  ['control-characters', /control characters/],
  ['directives', /YAML document|directive|version number|document start|non-alphabetical/],
  [
    'loose-properties',
    /tag URI|whitespace or line break|expected '!'|alphabetic or numeric|did not find expected '-'|did not find expected key/,
  ],
]);

function isDifference(difference: Difference, said: string, text: string): boolean {
  if (difference instanceof RegExp) return difference.test(said);
  return difference.said.test(said) && difference.text.test(text);
}

function nameOf(differences: Differences, said: string, text: string): string | undefined {
  return [...differences].find(([, difference]) => isDifference(difference, said, text))?.[0];
}

const NUMBER = '#number';

/** The value of JSON text with every number as it is written. */
function exact(json: string): unknown {
  const marked = json.replaceAll(
    /("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g,
    (_, text: string | undefined, number: string) =>
      text === undefined ? `{"${NUMBER}":"${number}"}` : text,
  );
  return JSON.parse(marked);
}

function isSameNumber(ours: unknown, written: string): boolean {
  if (typeof ours === 'bigint') return String(ours) === written;
  // A number of 64 bits that a float cannot hold has to come as a bigint; a float prints as Go prints it.
  const isExact = !/^-?\d+$/.test(written) || written === '-0' || String(ours) === written;
  return Object.is(ours, Number(written)) && isExact;
}

function isSame(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(theirs))
    return (
      Array.isArray(ours) &&
      ours.length === theirs.length &&
      theirs.every((item, at) => isSame(ours[at], item))
    );
  if (typeof theirs !== 'object' || theirs === null) return ours === theirs;
  const number: unknown = Object.getOwnPropertyDescriptor(theirs, NUMBER)?.value;
  if (typeof number === 'string') return isSameNumber(ours, number);
  if (typeof ours !== 'object' || ours === null || Array.isArray(ours)) return false;
  const entries = Object.entries(theirs);
  const own = new Map(Object.entries(ours));
  return (
    own.size === entries.length &&
    entries.every(([key, value]) => own.has(key) && isSame(own.get(key), value))
  );
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}

interface Tally {
  same: number;
  refused: number;
  readonly differences: Map<string, number>;
  readonly wrong: string[];
}

interface Known {
  readonly refused: Differences;
  readonly accepted: Differences;
}

function count({ differences }: Tally, name: string): void {
  differences.set(name, (differences.get(name) ?? 0) + 1);
}

function hasZeros(value: unknown): boolean {
  return /"-0":/.test(show(value));
}

function compareRefused(
  tally: Tally,
  text: string,
  { problem, answer, known }: { problem: ReadProblem; answer: Answer; known: Known },
): void {
  const said = `${problem.code}: ${problem.reason}`;
  const name = nameOf(known.refused, said, text);
  if (answer.json === undefined) tally.refused++;
  else if (name === undefined)
    tally.wrong.push(`${show(text)}\n  refused: ${said}\n  kubectl: ${answer.json}`);
  else count(tally, name);
}

function compareAccepted(
  tally: Tally,
  text: string,
  { value, answer, known }: { value: unknown; answer: Answer; known: Known },
): void {
  const name = nameOf(known.accepted, answer.error ?? '', text);
  if (answer.json !== undefined && isSame(value, exact(answer.json))) tally.same++;
  else if (answer.strict !== undefined && hasZeros(value)) count(tally, 'signed-zero');
  else if (answer.json === undefined && name !== undefined) count(tally, name);
  else
    tally.wrong.push(
      `${show(text)}\n  read: ${show(value)}\n  kubectl: ${answer.json ?? answer.error ?? ''}`,
    );
}

function compare(
  tally: Tally,
  text: string,
  { result, answer, known }: { result: ReadResult; answer: Answer; known: Known },
): void {
  const [problem] = result.problems;
  const documents = result.documents.length + result.problems.length;
  if (answer.rest === true || documents > 1) count(tally, 'several-documents');
  else if (text.lastIndexOf('\ufeff') > 0) count(tally, 'byte-order-marks');
  else if (problem !== undefined) compareRefused(tally, text, { problem, answer, known });
  else compareAccepted(tally, text, { value: result.documents[0]?.value ?? null, answer, known });
}

function prove(texts: readonly string[], known: Known): Tally {
  const tally: Tally = { same: 0, refused: 0, differences: new Map(), wrong: [] };
  const answers = ask(texts);
  for (const [index, text] of texts.entries()) {
    const answer = answers[index] ?? {};
    compare(tally, text, { result: readDocuments(text), answer, known });
    // A comment cannot stand before a directive, nor a byte order mark behind one.
    if (!/^[\ufeff%]/.test(text)) compare(tally, text, { result: readDocuments(FULL + text), answer, known });
  }
  return tally;
}

const random = chooser(20_261_125);
const none = { refused: new Map<string, Difference>(), accepted: new Map<string, Difference>() };
const written = { refused: REFUSED, accepted: ACCEPTED };
const mutated = { refused: REFUSED_MUTATED, accepted: ACCEPTED_MUTATED };

function generate(next: () => string): string[] {
  return Array.from({ length: RUNS }, () => next().toWellFormed());
}

const examples = readdirSync('examples', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
  .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split(/^---$/m));

describe.skipIf(!isBuilt)(
  `the reader and sigs.k8s.io/yaml${isBuilt ? '' : ' (skipped: needs Go and its modules)'}`,
  () => {
    it.each([
      { kind: 'real documents', texts: () => examples, known: none, least: 1.5, rare: 0 },
      {
        kind: 'random documents',
        texts: () => generate(() => randomDocument(random)),
        known: written,
        least: 0.4,
        rare: 0.01,
      },
      {
        kind: 'mutated random documents',
        texts: () => generate(() => mutate(randomDocument(random), random)),
        known: mutated,
        least: 0.2,
        rare: 0.1,
      },
      {
        kind: 'mutated real documents',
        texts: () => generate(() => mutate(examples[random(examples.length)] ?? '', random)),
        known: mutated,
        least: 0.2,
        rare: 0.1,
      },
    ])('read the same values: $kind', ({ texts, known, least, rare }) => {
      const given = texts();

      const tally = prove(given, known);

      expect(tally.wrong.slice(0, 5)).toEqual([]);
      expect(tally.differences.get('block-indent') ?? 0).toBeLessThanOrEqual(given.length * rare);
      expect(tally.same).toBeGreaterThanOrEqual(least * given.length);
    });
  },
);

describe('the list of differences', () => {
  const listed = [
    ...readFileSync(join('packages', 'formats', 'src', 'yaml', 'differences.md'), 'utf8').matchAll(
      /^\| `([\w-]+)` +\|/gm,
    ),
  ].map(([, name]) => name);

  it('explains every difference that the comparison accepts', () => {
    const accepted = [
      ...REFUSED_MUTATED.keys(),
      ...ACCEPTED_MUTATED.keys(),
      'several-documents',
      'byte-order-marks',
      'signed-zero',
    ];

    expect(accepted.filter((name) => !listed.includes(name))).toEqual([]);
    // These are bounds, which random documents do not reach.
    expect(listed.filter((name) => !accepted.includes(name ?? ''))).toEqual([
      'flow-indentation',
      'depth',
      'aliases',
    ]);
  });
});
