import { CONTROLS } from '@bulwark/controls';
import type { Control } from '@bulwark/core';
import { visibleLine } from '@bulwark/formats';
import type { Command } from 'commander';
import { type BashWords, joinBashWords } from '../completion/bash-words.ts';
import { type Candidate, completionOf } from '../completion/candidates.ts';
import { SCRIPTS, type Shell } from '../completion/scripts.ts';
import { type ConfigFlag, configurationFor } from '../config/find.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { Io } from '../io.ts';

/** What `bulwark completion` is asked for. */
export interface CompletionRequest {
  /** The program whose commands and options are completed. */
  readonly program: Command;
  readonly shell: Shell;
  /** What was typed so far; none asks for the script. */
  readonly words: readonly string[];
}

/** `bulwark completion`: the script of a shell, or what the script asks for. */
export async function runCompletion(
  { program, shell, words: typed }: CompletionRequest,
  io: Io,
): Promise<number> {
  if (typed.length === 0) {
    io.write(SCRIPTS[shell]);
    return ExitCode.ok;
  }
  const { words, lead, isQuoted } = withoutQuote(
    shell === 'bash' ? joinBashWords(typed) : { words: typed, lead: 0 },
  );
  const completion = await completionOf(program, words, {
    controls: () => controlsFor(words, io),
    values: async (asked) => {
      // Whoever only types an address has sent it nothing yet, and a token least of all.
      if (valueIn(words, '--hub') !== undefined) return undefined;
      const { hubValues } = await import('../completion/hub-values.ts');
      return hubValues(asked, io);
    },
  });
  // One that is no word of a line cannot be typed, and a terminal would obey it.
  const candidates =
    completion.kind === 'files' ? [] : completion.candidates.filter(({ value }) => !/\p{Cc}/u.test(value));
  if (completion.kind === 'files') io.write(`:files ${completion.skip}\n`);
  else if (shell === 'bash')
    for (const line of bashLines(candidates, { isQuoted, lead })) io.write(`${line}\n`);
  else
    for (const { value, about } of candidates)
      io.write(about === '' ? `${value}\n` : `${value}\t${visibleLine(about)}\n`);
  return ExitCode.ok;
}

/**
 * What bash gets: what is missing of each word. It ends the quotation behind an only candidate, which would leave what
 * follows `severity:` outside, where `>` writes a file; so there are two of it.
 */
function bashLines(
  candidates: readonly Candidate[],
  { isQuoted, lead }: Pick<Typed, 'isQuoted' | 'lead'>,
): readonly string[] {
  const lines = candidates.map(({ value }) => value.slice(lead));
  const [only = ''] = lines;
  return isQuoted && lines.length === 1 && /[:=]$/.test(only) ? [only, `${only}…`] : lines;
}

/** What was typed, as a person sees it. */
interface Typed extends BashWords {
  /** Whether the last word begins with a quotation mark, which shells keep to themselves: `'severity:>=`. */
  readonly isQuoted: boolean;
}

function withoutQuote({ words, lead }: BashWords): Typed {
  const last = words.at(-1) ?? '';
  return /^['"]/.test(last)
    ? { words: [...words.slice(0, -1), last.slice(1)], lead: 0, isQuoted: true }
    : { words, lead, isQuoted: false };
}

/** The controls of the configuration that the words ask for. Faults of it are for commands to say: nobody reads them here. */
async function controlsFor(words: readonly string[], { cwd }: Io): Promise<readonly Control[]> {
  try {
    return (await configurationFor(configIn(words.slice(0, -1)), cwd)).controls;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return CONTROLS;
  }
}

function configIn(words: readonly string[]): ConfigFlag {
  return words.includes('--no-config') ? false : valueIn(words, '--config');
}

/** The value of an option among words, in either form. */
function valueIn(words: readonly string[], option: string): string | undefined {
  const at = words.lastIndexOf(option);
  return at < 0
    ? words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1)
    : words[at + 1];
}
