import type { Json } from './json.ts';
import type { SecretMatch } from './secret-format.ts';
import { matchFormats } from './secret-formats.ts';

/** Programs that take a password after a flag which says nothing of it. */
const PROGRAM =
  /(?:^|\/)(?:(?:sshpass|redis-cli|mysql|mariadb|mongo|ldap|openssl|rabbitmqctl|smb|rpcclient|sqlplus|sqlldr|expdp|impdp)[\w.-]{0,20}|login|rman|net(?:\.exe)?)$/;

/**
 * The words of a command line that are, or have in them, a password which only their program makes one: `mysql`, `-pX`. By their
 * index in the line.
 *
 * @param before the words that stand before these, as a container's `command` does before its `args`.
 */
export function commandPasswords(words: readonly Json[], before?: Json): ReadonlyMap<number, SecretMatch> {
  const first = Array.isArray(before) ? before.length : 0;
  const line = first === 0 ? words : [...(before as readonly Json[]), ...words];
  const found = new Map<number, SecretMatch>();
  if (!line.some((word) => typeof word === 'string' && PROGRAM.test(word))) return found;
  const ends: number[] = [];
  let text = '';
  for (const word of line) {
    text += `${typeof word === 'string' ? word : ''} `;
    ends.push(text.length);
  }
  for (const match of matchFormats(text)) {
    const index = ends.findIndex((end) => match.start < end) - first;
    if (match.rule === 'command-line-password' && index >= 0) found.set(index, match);
  }
  return found;
}
