import { flagName, type Json, type SecretMatch } from '@bulwark/core';
import { formatsOf, secretsIn } from './found-secrets.ts';
import { flagSecrets, textSecretsOrGuesses } from './well-known-secrets.ts';

/** A word of a command line with a secret in it, or the flag before a word that is one. */
export interface CommandSecret {
  readonly index: number;
  readonly formats: readonly string[];
}

/**
 * The secrets in the words of a command line: `--password=x`, `["--password", "x"]`, and whatever a shell's text holds.
 * A word that only its flag makes a secret is named by the flag, for the word itself must reach no report.
 */
export function* commandSecrets(words: Json | undefined, doubtful: boolean): Generator<CommandSecret> {
  if (!Array.isArray(words)) return;
  for (const [index, word] of words.entries()) {
    const found: SecretMatch[] = [...textSecretsOrGuesses(undefined, word, doubtful)];
    const flag = flagName(word);
    const value: Json | undefined = words[index + 1];
    if (flag !== undefined && typeof value === 'string' && !value.startsWith('-') && !holdsOwn(value))
      found.push(...flagSecrets(flag, value, doubtful));
    if (found.length > 0) yield { index, formats: formatsOf(found) };
  }
}

/** Whether a word shows its secret by itself, and so is reported at its own place. */
function holdsOwn(value: string): boolean {
  return secretsIn(undefined, value).length > 0;
}
