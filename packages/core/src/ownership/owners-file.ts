import type { OwnershipRule } from './ownership.ts';

/** A line of an owners file that cannot be read. */
export interface OwnersProblem {
  readonly line: number;
  readonly reason: string;
}

const PATTERN = /^[a-z0-9*]([-a-z0-9*.]*[a-z0-9*])?$/i;
/** Behind the dot of a kind of the core group nothing stands. */
const KIND = /^[a-z0-9*]([-a-z0-9*.]*[a-z0-9*.])?$/i;

/**
 * Reads an owners file, which names owners as a CODEOWNERS file does: in each line a pattern, an owner and ways to reach
 * them. Patterns are `NAMESPACE`, `NAMESPACE/NAME` or `NAMESPACE/KIND/NAME`, each part with `*` for any characters. Later
 * lines win. A comment begins with `#` where a line begins with it or a blank follows it; `#name` after an owner is a channel
 * of a chat.
 */
export function readOwnersFile(
  text: string,
  file: string,
): { readonly rules: readonly OwnershipRule[]; readonly problems: readonly OwnersProblem[] } {
  const rules: OwnershipRule[] = [];
  const problems: OwnersProblem[] = [];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const [pattern, owner, ...contacts] = whole
      .replace(/^\s*#.*$|\s#(\s.*)?$/, '')
      .split(/\s+/)
      .filter(Boolean);
    if (pattern === undefined) continue;
    const scope = scopeOf(pattern);
    if (scope === undefined)
      problems.push({
        line,
        reason: `"${pattern}" is none of NAMESPACE, NAMESPACE/NAME, NAMESPACE/KIND/NAME`,
      });
    else if (owner === undefined) problems.push({ line, reason: `"${pattern}" has no owner` });
    else if (owner.startsWith('#'))
      problems.push({ line, reason: `"${pattern}" has no owner before ${owner}` });
    else
      rules.push({
        scope,
        owner: owner.replace(/^@/, ''),
        ...(contacts.length > 0 && { contacts }),
        source: `${file}:${line}`,
      });
  }
  return { rules, problems };
}

function scopeOf(pattern: string): OwnershipRule['scope'] | undefined {
  const parts = pattern.replace(/^\//, '').split('/');
  const [namespace = '', second, third] = parts;
  const isKind = (index: number): boolean => index === 1 && third !== undefined;
  if (!parts.every((part, index) => (isKind(index) ? KIND : PATTERN).test(part))) return undefined;
  if (parts.length > 3) return undefined;
  if (second === undefined) return { namespaces: [namespace] };
  if (third === undefined) return { namespaces: [namespace], names: [second] };
  return { namespaces: [namespace], kinds: [second], names: [third] };
}
