/**
 * A text with its letters A to Z in lower case and all others as they are: what queries and owners are compared by. No other lower
 * case is the same in memory and in every database, as what that makes of other letters depends on its locale.
 */
export function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
