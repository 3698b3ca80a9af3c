/** Everything that JSON escapes, and what `escapeControls` does. */
const SPECIAL = /["\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|##/u;
const LEFT_BY_JSON = /[\u007f-\u009f\p{Cf}\u2028\u2029]|(?<=#)#(?=\w*\[)/gu;

function escapeCharacter(character: string): string {
  const units = character.split('');
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}

/**
 * Escapes in JSON text what JSON allows and a terminal, an editor or a script could obey: DEL, C1 controls, marks that
 * turn the direction of text, line separators, commands of build servers (`##vso[...]`). They can stand only in strings.
 */
export function escapeControls(jsonText: string): string {
  return jsonText.replace(LEFT_BY_JSON, escapeCharacter);
}

/** A value as JSON, in one line or indented, with nothing raw in it that a terminal could obey. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeControls(JSON.stringify(value, undefined, indent));
}

/** ASCII without what `SPECIAL` could mean; asked first, as it is many times as fast. */
const PLAIN = /^[ !$-[\]-~]*$/;

/** A text as JSON writes it; most are plain, and quickly done. */
export function quote(text: string): string {
  return !PLAIN.test(text) && SPECIAL.test(text) ? escapeControls(JSON.stringify(text)) : `"${text}"`;
}
