import { detectSecrets, flagParam, type SecretMatch } from '@bulwark/core';

/** The parameter of controls that leave out what may well be an example. */
export const DOUBTFUL = flagParam(
  'Whether values count as well that look like an example, or that only their name makes a secret.',
  { default: false },
);

const NOTHING: readonly SecretMatch[] = [];
/** Nothing shorter is taken for a secret. */
const LEAST_LENGTH = 4;

/** The secrets in a value that are worth a report. Never yields a value, only forms and places. */
export function secretsIn(
  name: string | undefined,
  value: unknown,
  doubtful = false,
): readonly SecretMatch[] {
  return typeof value === 'string' ? worthReport(value, detectSecrets(name, value), doubtful) : NOTHING;
}

/** Of what was found in a value, that which is worth a report. */
export function worthReport(
  value: string,
  found: readonly SecretMatch[],
  doubtful: boolean,
): readonly SecretMatch[] {
  if (value.length < LEAST_LENGTH) return NOTHING;
  if (found.length === 0 || doubtful) return found;
  return found.filter(({ confidence }) => confidence !== 'low');
}

/** The forms of the secrets found, each once: what may be told of them. */
export function formatsOf(found: readonly SecretMatch[]): readonly string[] {
  return [...new Set(found.map(({ rule }) => rule))];
}

const MOST_LINES = 5;

/** The lines of a text on which secrets begin, in words: `line 3`, `lines 3, 9`. */
export function linesOf(text: string, found: readonly SecretMatch[]): string {
  const lines = new Set<number>();
  let line = 1;
  let from = 0;
  for (const { start } of found) {
    for (let at = text.indexOf('\n', from); at >= 0 && at < start; at = text.indexOf('\n', from)) {
      line++;
      from = at + 1;
    }
    lines.add(line);
  }
  const shown = [...lines].slice(0, MOST_LINES).join(', ');
  const more = lines.size > MOST_LINES ? ' and more' : '';
  return `${lines.size === 1 ? 'line' : 'lines'} ${shown}${more}`;
}
