const LOWER_U = 117;
const UPPER_U = 85;
const SURROGATE = /^[dD][89a-fA-F]/;
const LAST_CHARACTER = 0x10ffff;

/**
 * The place of the first escape in the raw text of a double-quoted scalar that names no character: beyond Unicode, or
 * half of a surrogate pair, which YAML refuses and JSON allows. -1 when there is none. Linear.
 */
export function findBadEscape(raw: string, isJson: boolean): number {
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', at + 2)) {
    const code = raw.charCodeAt(at + 1);
    if (code === UPPER_U) {
      const value = Number.parseInt(raw.slice(at + 2, at + 10), 16);
      if (value > LAST_CHARACTER || (value >= 0xd800 && value <= 0xdfff)) return at;
    } else if (code === LOWER_U && !isJson && SURROGATE.test(raw.slice(at + 2, at + 4))) return at;
  }
  return -1;
}

const ESCAPE = /\\(?:(?:\r\n?|\n)((?:[ \t]*(?:\r\n?|\n))*)|(.))/gs;

/**
 * The raw text of a double-quoted scalar with the escapes that js-yaml reads otherwise than libyaml written so that it
 * reads them alike: `\'`, which YAML 1.2 does not have, and blank lines after an escaped line break, which it drops.
 * Linear.
 */
export function portableEscapes(raw: string): string {
  if (!raw.includes("\\'") && !/\\[\r\n]/.test(raw)) return raw;
  return raw.replace(ESCAPE, (written: string, blank: string | undefined, char: string | undefined) => {
    if (char !== undefined) return char === "'" ? char : written;
    const breaks = blank?.match(/\r\n?|\n/g)?.length ?? 0;
    return breaks === 0 ? written : `${'\\n'.repeat(breaks)}\\\n`;
  });
}
