/** What takes no place where it is read: white space, control and format characters, and what is drawn as nothing. */
const UNSEEN = /^[\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/**
 * What people write as a reason, an owner, a comment or a name, without the blanks around it; empty where nothing of it is seen,
 * such as zero-width characters alone.
 */
export function seenText(text: string): string {
  return UNSEEN.test(text) ? '' : text.trim();
}
