import { visible } from '../visible.ts';

/** A word that means nothing to Markdown: no mark in it, and a letter or a digit at its start. */
const PLAIN = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}\-/.,;:?'"()%=+]*$/u;
/**
 * What hosts make links or pictures of although it is plain: addresses, `GH-12`, commits, `:emoji:`. They search the
 * rendered text, where escapes are gone, but leave code alone.
 */
const MADE_ACTIVE = /^www\.|:\/\/|^(mailto|xmpp):|\bGH-\d|\b[0-9a-f]{7,40}\b|:[\w+-]+:/iu;
/** `1.` or `1)`, which starts a list where it starts a line. */
const ORDINAL = /^\d+[.)]$/;
/** What a code span between backticks cannot hold in a table cell. */
const NEEDS_ELEMENT = /[`|\\]|^\s|\s$|^$/;
const BEFORE = '("\'';
const AFTER = '.,;:?!)"\'';

/** A text as code, which no host searches for mentions, references or links. Stays in a line and in a table cell. */
export function code(text: string): string {
  const shown = visible(text);
  return NEEDS_ELEMENT.test(shown) ? `<code>${entities(shown)}</code>` : `\`${shown}\``;
}

/** Everything but letters, digits and blanks as entities: Markdown and HTML see text and nothing else. */
function entities(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/**
 * A sentence for Markdown. Words that Markdown or its host could take for more than words become code, so that a
 * hostile name can neither notify `@team` nor close an issue, and `a_b` and `*` are set as the code that they are.
 */
export function prose(text: string): string {
  const [first = '', ...others] = visible(text).split(/\s+/u);
  return [ORDINAL.test(first) ? code(first) : word(first), ...others.map(word)].join(' ');
}

function word(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BEFORE.includes(text.charAt(start))) start++;
  while (end > start && AFTER.includes(text.charAt(end - 1))) end--;
  const inner = text.slice(start, end);
  if (inner === '' || (PLAIN.test(inner) && !MADE_ACTIVE.test(text))) return text;
  return text.slice(0, start) + code(inner) + text.slice(end);
}
