/** Words as a person sees them, and how much of the last one bash takes for words of its own. */
export interface BashWords {
  readonly words: readonly string[];
  /** Characters of the last word that stand already, so that a completion must not repeat them. */
  readonly lead: number;
}

/**
 * Joins what bash divides: for completion it splits words at `:` and `=` (COMP_WORDBREAKS), so that `trivy:KSV-0017`
 * arrives as three. Words of a bash that was told not to do so arrive whole and stay whole.
 */
export function joinBashWords(parts: readonly string[]): BashWords {
  const words: string[] = [];
  let lead = 0;
  for (const [index, part] of parts.entries()) {
    const isBreak = /^[:=]+$/.test(part);
    const isJoined = index > 0 && (isBreak || /^[:=]+$/.test(parts[index - 1] ?? ''));
    const before = isJoined ? (words.pop() ?? '') : '';
    words.push(before + part);
    lead = before.length + (isBreak ? part.length : 0);
  }
  return { words, lead };
}
