import { FRAMEWORKS } from '@bulwark/controls';
import {
  type Control,
  completionAt,
  completions,
  FINDING_FIELDS,
  NEWEST_MINOR,
  OLDEST_MINOR,
  type QueryField,
} from '@bulwark/core';
import { REPORT_FORMATS } from '@bulwark/formats';
import { ASK_COMMANDS, type AskCommand, EXCEPTION_LIST } from '../ask/commands.ts';
import type { Candidate, Completion } from './candidates.ts';
import type { CompletedList } from './hub-values.ts';

/** A value that a command line takes: of an option, or an argument of a command. */
export interface Slot {
  /** The option, as `--control`, or the command. */
  readonly name: string;
  /** The command that it stands behind. */
  readonly command: string;
  /** What help calls the value: `file`, `id`. */
  readonly placeholder: string;
  readonly choices: readonly string[] | undefined;
  /** Whether several may be given with commas between. */
  readonly isList: boolean;
}

/** What is asked for only where it is being typed, as it takes time. */
export interface Known {
  /** The controls of the configuration. */
  readonly controls: () => Promise<readonly Control[]>;
  /** Words of a query with values that a hub has; undefined where none tells. */
  readonly values: (asked: {
    readonly list: CompletedList;
    readonly word: string;
  }) => Promise<readonly Candidate[] | undefined>;
}

const FILES: Completion = { kind: 'files', skip: 0 };

function words(candidates: readonly Candidate[]): Completion {
  return { kind: 'words', candidates };
}

/** What there is for each kind of value, controls apart; the rest is free text. */
const VALUES: Readonly<Record<string, (typed: string) => Completion>> = {
  path: () => FILES,
  file: () => FILES,
  folder: () => FILES,
  format: () => words(formats()),
  'format=file': (typed) =>
    typed.includes('=')
      ? { kind: 'files', skip: typed.indexOf('=') + 1 }
      : words(formats().map(({ value, about }) => ({ value: `${value}=`, about }))),
  version: () => words(versions()),
  framework: () => words(frameworks()),
};

/**
 * What a value can be. Candidates need not start with what was typed.
 *
 * @param typed what stands there, without what belongs to other values of a list.
 */
export async function valuesFor(
  { name, command, placeholder, choices }: Slot,
  typed: string,
  known: Known,
): Promise<Completion> {
  if (choices !== undefined) return words(choices.map((value) => ({ value, about: '' })));
  if (placeholder === 'id')
    return words(name.includes('framework') ? frameworks() : controls(await known.controls(), typed));
  if (placeholder === 'query') return words(await queryWords(command, typed, known));
  if (name === '--sort') return words(sortsOf(command));
  return VALUES[placeholder]?.(typed) ?? words([]);
}

const ASKED: Readonly<Record<string, AskCommand>> = ASK_COMMANDS;

/** What the query of a command can ask for. */
function fieldsOf(command: string): readonly QueryField[] {
  if (command === 'list') return EXCEPTION_LIST.fields ?? [];
  return command === 'add' || command === 'triage' ? FINDING_FIELDS : (ASKED[command]?.fields ?? []);
}

/** What the list of a command can be sorted by, both ways round. */
function sortsOf(command: string): Candidate[] {
  const { sorts = [] } = command === 'list' ? EXCEPTION_LIST : (ASKED[command] ?? {});
  return sorts.flatMap((sort) => [
    { value: sort, about: '' },
    { value: `-${sort}`, about: 'the other way round' },
  ]);
}

/** The list of a hub that knows the values that stand in the query of a command; nodes are among too many other objects. */
function listOf(command: string): CompletedList | undefined {
  if (command === 'list') return 'exceptions';
  if (command === 'add' || command === 'triage' || command === 'queue') return 'findings';
  return COMPLETED.find((list) => list === command);
}

const COMPLETED = [
  'findings',
  'workloads',
  'namespaces',
  'secrets',
  'resources',
  'changes',
  'builds',
  'coverage',
] as const satisfies readonly CompletedList[];

/** Fields, and values; those that are free text are the hub's to tell. */
async function queryWords(command: string, typed: string, known: Known): Promise<readonly Candidate[]> {
  const fields = fieldsOf(command);
  const point = completionAt(typed, typed.length, fields);
  if (point === undefined) return [];
  const list = listOf(command);
  const isFree = point.field?.type === 'text' && list !== undefined;
  const told = isFree ? await known.values({ list, word: typed }) : undefined;
  if (told !== undefined) return told;
  const lead = typed.slice(0, point.from);
  return completions(point, fields).map(({ insert, description = '' }) => ({
    value: lead + insert,
    about: description,
  }));
}

function formats(): Candidate[] {
  return REPORT_FORMATS.map(({ id, title }) => ({ value: id, about: title }));
}

function frameworks(): Candidate[] {
  return FRAMEWORKS.map(({ id, title }) => ({ value: id, about: title }));
}

/** Other tools' ids are offered once something is typed: they are several times as many. */
function controls(known: readonly Control[], typed: string): Candidate[] {
  return known
    .flatMap(({ id, title, aliases }) =>
      [id, ...(typed === '' ? [] : aliases)].map((value) => ({ value, about: title })),
    )
    .filter(({ value }, index, all) => all.findIndex((other) => other.value === value) === index);
}

function versions(): Candidate[] {
  const minors = Array.from(
    { length: NEWEST_MINOR - OLDEST_MINOR + 1 },
    (_item, index) => NEWEST_MINOR - index,
  );
  return minors.map((minor) => ({ value: `1.${minor}`, about: '' }));
}
