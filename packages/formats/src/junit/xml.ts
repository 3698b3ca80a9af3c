import { visibleLine } from '../visible.ts';

const MARKUP = /[&<>"']/g;
/** The two characters that XML 1.0 forbids and that are neither controls nor surrogates. */
const NONCHARACTER = /[\ufffe\uffff]/g;

/** A line of text for an attribute or an element; what XML forbids is shown as an escape, so that it is seen. */
export function xmlText(text: string): string {
  return visibleLine(text)
    .replace(NONCHARACTER, '\ufffd')
    .replace(MARKUP, (character) => `&#${character.charCodeAt(0)};`);
}

/** Attributes with a blank before each; those without a value are left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xmlText(String(value))}"`))
    .join('');
}
