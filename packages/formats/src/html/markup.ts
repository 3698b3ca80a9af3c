import { visible } from '../visible.ts';

const SPECIAL = /[&<>"']/g;

/** HTML that is safe to put into a page. Only `html` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts are escaped, markup is not. */
type Value = string | number | Markup | readonly Markup[];

/**
 * HTML from a template. Every text in it is escaped, for elements as for quoted attributes, so that no text of the input
 * can be forgotten; what would be invisible or turn the direction of text is shown as an escape.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += textOf(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

/** Markup only where there is something to say. */
export function when<T>(value: T | undefined, print: (value: T) => Markup): Markup {
  return value === undefined ? NOTHING : print(value);
}

const NOTHING = new Markup('');

function textOf(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  return value.map(({ text }) => text).join('');
}

function escapeText(text: string): string {
  return visible(text).replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);
}
