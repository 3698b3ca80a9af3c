/** What is typed, and where the caret is. */
export interface Typed {
  readonly text: string;
  readonly at: number;
}

/** What was offered for a text, and the place in it that one of these takes. */
export interface Offered<I extends { readonly text: string }> {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly items: readonly I[];
}

/**
 * Of what was offered for a text before what still fits what is typed by now, and the place there that it takes: what goes on
 * with the word that it was offered for. Typed past that word, nothing is: a choice would throw away what was typed since.
 */
export function stillOffered<I extends { readonly text: string }>(
  offered: Offered<I> | undefined,
  typed: Typed,
): Offered<I> {
  if (offered === undefined) return { ...typed, from: typed.at, to: typed.at, items: [] };
  if (offered.text === typed.text) return offered;
  const rest = offered.text.slice(offered.to);
  const to = typed.text.length - rest.length;
  const isAround =
    to >= offered.from &&
    typed.text.endsWith(rest) &&
    typed.text.startsWith(offered.text.slice(0, offered.from)) &&
    typed.at >= offered.from &&
    typed.at <= to;
  const word = typed.text.slice(offered.from, to).toLowerCase();
  const items = isAround ? offered.items.filter(({ text }) => text.toLowerCase().startsWith(word)) : [];
  return { text: typed.text, from: offered.from, to, items };
}
