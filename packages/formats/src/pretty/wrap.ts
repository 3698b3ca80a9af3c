const FIRST_LOW_SURROGATE = 0xdc00;
const LAST_LOW_SURROGATE = 0xdfff;

/** Cuts a word into pieces of at most `width` characters, never inside of a surrogate pair. */
function* piecesOf(word: string, width: number): Generator<string> {
  let from = 0;
  while (word.length - from > width) {
    let to = from + width;
    const unit = word.charCodeAt(to);
    if (to > from + 1 && unit >= FIRST_LOW_SURROGATE && unit <= LAST_LOW_SURROGATE) to--;
    yield word.slice(from, to);
    from = to;
  }
  yield word.slice(from);
}

/**
 * Breaks text at spaces into lines of at most `width` characters; a longer word is cut. The first line starts with
 * `whole`, which is never cut or broken, however long: a place that must stay clickable, a command to be copied.
 */
export function wrap(text: string, width: number, whole = ''): string[] {
  const lines: string[] = [];
  let line = whole;
  for (const word of text.split(' ')) {
    if (word === '') continue;
    if (line !== '' && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = [...piecesOf(word, width)];
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  if (line !== '') lines.push(line);
  return lines;
}
