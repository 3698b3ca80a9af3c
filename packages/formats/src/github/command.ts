import { visible } from '../visible.ts';

/** The commands that make annotations. */
export const KINDS = ['error', 'warning', 'notice'] as const;
export type Kind = (typeof KINDS)[number];

/** An annotation: a place, a title and a text of one or more lines. Lines and columns count from 1. */
export interface Annotation {
  readonly kind: Kind;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  readonly col?: number | undefined;
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * An annotation as the runner reads it: `::error file=a.yaml,line=3::text`. The runner decodes `%25`, `%0D` and `%0A`
 * in the text, and `%3A` and `%2C` too in the properties; so these are all that has to be encoded, percent first.
 */
export function commandOf({ kind, lines, ...properties }: Annotation): string {
  const { file, line, endLine, col, title } = properties;
  const list = Object.entries({ file: file?.replace(/^(\.\/+)+/, ''), line, endLine, col, title })
    .filter((property): property is [string, string | number] => property[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeProperty(String(value))}`)
    .join(',');
  return `::${kind} ${list}::${lines.map(encodeData).join('%0A')}\n`;
}

function encodeData(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function encodeProperty(text: string): string {
  return encodeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
