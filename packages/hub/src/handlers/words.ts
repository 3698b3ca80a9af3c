/** Words as a list in a sentence: `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A name with what it is called by, in the plural for several: `ports 80 and 443`. */
export function named(one: string, names: readonly string[]): string {
  return `${one}${names.length === 1 ? '' : 's'} ${listed(names)}`;
}

/** What a remedy says to do; the sentences after it say when, what else and what to beware of. */
export function firstSentence(text: string): string {
  return /^.*?[.](?=\s+[A-Z]|$)/s.exec(text)?.[0] ?? text;
}
