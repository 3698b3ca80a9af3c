/**
 * Who reads the messages of a row with `contact_of`, among those of its channel, as SQL: an owner, told apart as `ownerOf` does; null is
 * the channel itself.
 */
export function readerOf(row: string): string {
  return `lower(${row}.contact_of collate "C")`;
}
