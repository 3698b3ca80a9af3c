/** Texts that fit into a number of characters, and how many more there were. */
export interface Fitting {
  readonly text: string;
  readonly left: number;
}

/** Takes texts as long as they fit. What comes after the first that does not is left, so that the order tells rank. */
export function takeFitting(texts: Iterable<string>, room: number, count: number): Fitting {
  let text = '';
  let taken = 0;
  for (const each of texts) {
    if (text.length + each.length > room) break;
    text += each;
    taken++;
  }
  return { text, left: count - taken };
}

/** A text with its middle left out where it is longer than this: names end in what tells them apart. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
}
