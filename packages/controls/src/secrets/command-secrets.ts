import { commandPasswords, flagName, type Json, type SecretMatch } from '@bulwark/core';
import { formatsOf, secretsIn, worthReport } from './found-secrets.ts';
import { flagSecrets, textSecretsOrGuesses } from './well-known-secrets.ts';

/** A word of a command line with a secret in it, or the word before one that is a secret by what stands before it. */
export interface CommandSecret {
  readonly index: number;
  readonly formats: readonly string[];
}

/**
 * The secrets in the words of a command line: `--password=x`, `["--password", "x"]`, and whatever a shell's text holds.
 * A word that only its flag, or its program, makes a secret is named by the word before it, for it must itself reach no report.
 */
export function* commandSecrets(words: Json | undefined, doubtful: boolean): Generator<CommandSecret> {
  if (!Array.isArray(words)) return;
  const passwords = commandPasswords(words);
  for (const [index, word] of words.entries()) {
    const found: SecretMatch[] = [...textSecretsOrGuesses(undefined, word, doubtful)];
    const flag = flagName(word);
    const value: Json | undefined = words[index + 1];
    if (flag !== undefined && typeof value === 'string' && !value.startsWith('-') && !holdsOwn(value))
      found.push(...flagSecrets(flag, value, doubtful));
    const password = passwords.get(index + 1);
    if (password !== undefined && typeof value === 'string' && !holdsOwn(value))
      found.push(...worthReport(value, [password], doubtful));
    if (found.length > 0) yield { index, formats: formatsOf(found) };
  }
}

/** Whether a word shows its secret by itself, and so is reported at its own place. */
function holdsOwn(value: string): boolean {
  return secretsIn(undefined, value).length > 0;
}
