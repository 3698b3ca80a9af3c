import { FRAMEWORKS } from '@bulwark/controls';
import {
  CHANGE_FIELDS,
  COVERAGE_FIELDS,
  type Control,
  completionAt,
  completions,
  EXCEPTION_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  NEWEST_MINOR,
  OLDEST_MINOR,
  type QueryField,
  WORKLOAD_FIELDS,
} from '@bulwark/core';
import { REPORT_FORMATS } from '@bulwark/formats';
import type { Candidate, Completion } from './candidates.ts';

/** A value that a command line takes: of an option, or an argument of a command. */
export interface Slot {
  /** The option, as `--control`, or the command. */
  readonly name: string;
  /** What help calls the value: `file`, `id`. */
  readonly placeholder: string;
  readonly choices: readonly string[] | undefined;
  /** Whether several may be given with commas between. */
  readonly isList: boolean;
}

/** The controls there are, asked for only where one is being typed: a configuration takes time to read. */
export type KnownControls = () => Promise<readonly Control[]>;

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
};

/**
 * What a value can be. Candidates need not start with what was typed.
 *
 * @param typed what stands there, without what belongs to other values of a list.
 */
export async function valuesFor(
  { name, placeholder, choices }: Slot,
  typed: string,
  known: KnownControls,
): Promise<Completion> {
  if (choices !== undefined) return words(choices.map((value) => ({ value, about: '' })));
  if (placeholder === 'id')
    return words(name.includes('framework') ? frameworks() : controls(await known(), typed));
  if (placeholder === 'query') return words(queryWords(QUERIED[name] ?? [], typed));
  return VALUES[placeholder]?.(typed) ?? words([]);
}

/** What the queries of commands can ask for. */
const QUERIED: Readonly<Record<string, readonly QueryField[]>> = {
  findings: FINDING_FIELDS,
  add: FINDING_FIELDS,
  workloads: WORKLOAD_FIELDS,
  namespaces: NAMESPACE_FIELDS,
  changes: CHANGE_FIELDS,
  coverage: COVERAGE_FIELDS,
  list: EXCEPTION_FIELDS,
};

/** Fields, and values where they are no free text; whoever completes asks no hub. */
function queryWords(fields: readonly QueryField[], typed: string): Candidate[] {
  const point = completionAt(typed, typed.length, fields);
  if (point === undefined) return [];
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
