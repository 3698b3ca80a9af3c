import { RegularExpression } from '@bulwark/core';

const READ = new Map<string, RegularExpression>();

/**
 * Whether a team's regular expression is found in a text. A configuration holds few, and each is asked on every object.
 *
 * @throws Error when it cannot be read; a configuration with such a one is refused.
 */
export function fitsExpression(expression: string, text: string): boolean {
  let read = READ.get(expression);
  if (read === undefined) {
    const parsed = RegularExpression.parse(expression);
    if (!parsed.ok) throw new Error(`the pattern ${expression} cannot be read: ${parsed.error.message}`);
    read = parsed.value;
    READ.set(expression, read);
  }
  return read.test(text);
}
