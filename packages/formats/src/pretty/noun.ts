import type { FindingGroup } from '@bulwark/core';

const MOST_NOUNS = 2;

/** `NetworkPolicy` as words: `network policy`; acronyms keep their capitals: `CSI driver`. */
function wordsOf(kind: string): string {
  const words = kind.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+/g) ?? [];
  return words.map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
}

function pluralOf(noun: string): string {
  if (/(ss|x|ch|sh)$/.test(noun)) return `${noun}es`;
  if (noun.endsWith('s')) return noun;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** What the objects of a group are called in the plural: workloads, or what their kinds say. */
export function nounOf({ control, findings }: FindingGroup): string {
  if (control.appliesTo.per !== 'object') return 'workloads';
  const kinds = [...new Set(findings.map(({ resource }) => resource.kind))].sort();
  return kinds.length > MOST_NOUNS ? 'objects' : kinds.map((kind) => pluralOf(wordsOf(kind))).join(' and ');
}

/** A count with its noun: `1 finding`, `2 findings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : pluralOf(noun)}`;
}
