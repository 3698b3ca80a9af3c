import type { Argument, Command, Option } from 'commander';
import { type Known, type Slot, valuesFor } from './values.ts';

/** Something that can stand where a word is being typed: the whole word, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What can stand there: some words, or a file whose name starts after the first `skip` characters of the word. */
export type Completion =
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'files'; readonly skip: number };

const NOTHING: Completion = { kind: 'words', candidates: [] };

/** Where in a command line the word stands that is being typed. */
interface Place {
  readonly command: Command;
  /** The option whose value it is. */
  readonly option: Option | undefined;
  /** How many arguments of the command stand before it. */
  readonly position: number;
  /** Whether `--` stands before it, after which nothing is an option. */
  readonly isAfterDashes: boolean;
}

/**
 * What can stand in place of the last word.
 *
 * @param words what was typed after the program's name; the last one is being typed and may be empty.
 */
export async function completionOf(
  program: Command,
  words: readonly string[],
  known: Known,
): Promise<Completion> {
  const word = words.at(-1) ?? '';
  const place = placeAfter(program, words.slice(0, -1));
  const { command, option, position, isAfterDashes } = place;
  if (option !== undefined) return valueCompletion(optionSlot(command, option), { word, known });
  if (word.startsWith('-') && !isAfterDashes) return optionCompletion(command, word, known);
  if (command.commands.length > 0) return wordsOf(commandsOf(command), word);
  const argument = argumentAt(command, position);
  return argument === undefined ? NOTHING : valueCompletion(argumentSlot(command, argument), { word, known });
}

function placeAfter(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, option: undefined, position: 0, isAfterDashes: false };
  for (const word of words) place = step(place, word);
  return place;
}

function step(place: Place, word: string): Place {
  const { command, option, position, isAfterDashes } = place;
  if (option !== undefined) return { ...place, option: undefined };
  if (word === '--' && !isAfterDashes) return { ...place, isAfterDashes: true };
  if (word.startsWith('-') && !isAfterDashes) {
    const found = command.options.find(({ short, long }) => word === short || word === long);
    return found?.required === true ? { ...place, option: found } : place;
  }
  const inner = command.commands.find(
    (candidate) => candidate.name() === word || candidate.aliases().includes(word),
  );
  if (inner !== undefined) return { ...place, command: inner, position: 0 };
  // `bulwark help` takes the names of commands, as `bulwark` itself does.
  return command.commands.length > 0 ? place : { ...place, position: position + 1 };
}

async function optionCompletion(command: Command, word: string, known: Known): Promise<Completion> {
  const equals = word.indexOf('=');
  const options = command.createHelp().visibleOptions(command);
  if (equals >= 0) {
    const option = options.find(({ long }) => long === word.slice(0, equals));
    if (option === undefined) return NOTHING;
    return valueCompletion(optionSlot(command, option), { word, lead: word.slice(0, equals + 1), known });
  }
  return wordsOf(
    options.map(({ short, long, description }) => ({
      value: (word === short ? short : long) ?? '',
      about: description,
    })),
    word,
  );
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((inner) => ({ value: inner.name(), about: inner.description() }));
}

function argumentAt(command: Command, position: number): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
}

/** The name in `<name>` or `[name...]`. */
function placeholderOf(flags: string): string {
  return /[<[]([^>\].]+)/.exec(flags)?.[1] ?? '';
}

function optionSlot(command: Command, { flags, long, argChoices }: Option): Slot {
  const placeholder = placeholderOf(flags);
  return {
    name: long ?? flags,
    command: command.name(),
    placeholder,
    choices: argChoices,
    // Options that take ids or names take several of them, with commas between.
    isList: placeholder === 'id' || placeholder === 'name',
  };
}

function argumentSlot(command: Command, argument: Argument): Slot {
  return {
    name: command.name(),
    command: command.name(),
    placeholder: argument.name(),
    choices: argument.argChoices,
    isList: false,
  };
}

/** The word that is being typed. */
interface Typed {
  readonly word: string;
  /** What stands before the value in it, such as `--format=`. */
  readonly lead?: string;
  readonly known: Known;
}

async function valueCompletion(slot: Slot, { word, lead = '', known }: Typed): Promise<Completion> {
  const typed = word.slice(lead.length);
  const comma = slot.isList ? typed.lastIndexOf(',') + 1 : 0;
  const before = lead + typed.slice(0, comma);
  const values = await valuesFor(slot, typed.slice(comma), known);
  if (values.kind === 'files') return { kind: 'files', skip: before.length + values.skip };
  return wordsOf(
    values.candidates.map(({ value, about }) => ({ value: before + value, about })),
    word,
  );
}

function wordsOf(candidates: readonly Candidate[], word: string): Completion {
  return {
    kind: 'words',
    candidates: candidates.filter(({ value }) => value !== '' && value.startsWith(word)),
  };
}
