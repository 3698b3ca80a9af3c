import { wrap } from './wrap.ts';

/** Lines may be longer than this where the width is unlimited, but no further sentence is added for it. */
const READABLE_WIDTH = 100;

/** The first sentence of a remediation, and those after it that need no further line. */
export function adviceOf(remediation: string, width: number): string {
  const room = Math.min(width, READABLE_WIDTH);
  const [first = '', ...sentences] = remediation.split(/(?<=[.!?]) (?=[A-Z])/);
  const lines = wrap(first, room).length;
  let advice = first;
  for (const sentence of sentences) {
    const longer = `${advice} ${sentence}`;
    if (wrap(longer, room).length > lines) break;
    advice = longer;
  }
  return advice;
}
