/**
 * Whether a name is on a list. An entry is a name, or the beginning of one followed by `*`; nothing else has a meaning,
 * so that `team` never covers `team-of-others`.
 */
export function isListed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

/** How a parameter describes such a list. */
export const PATTERN_RULE = 'An entry is a whole name, or the beginning of names followed by *.';
