import { isObject } from '@bulwark/core';
import type { SourceNode } from './source-node.ts';
import type { SourceText } from './source-text.ts';

/** The columns that an object gives each level. */
export interface Layout {
  /** From a key to the keys below it. */
  readonly step: number;
  /** From a key to the dashes of its list. */
  readonly dash: number;
}

const STEP = 2;

/** How the blocks of an object are laid out, as its first ones show. */
export function layoutOf(root: SourceNode, source: SourceText): Layout {
  const step = firstIndent(root, source, isObject) ?? STEP;
  return { step, dash: firstIndent(root, source, Array.isArray) ?? step };
}

/** How far the parts of the first block of a kind stand from its key. */
function firstIndent(
  node: SourceNode,
  source: SourceText,
  isWanted: (value: unknown) => boolean,
): number | undefined {
  if (!source.isBlock(node)) return undefined;
  for (const part of source.ownParts(node)) {
    const [first] = source.ownParts(part);
    if (first === undefined || !source.isBlock(part)) continue;
    const isHere = typeof part.part === 'string' && isWanted(part.value);
    const indent = isHere ? indentOf(first, part, source) : firstIndent(part, source, isWanted);
    if (indent !== undefined) return indent;
  }
  return undefined;
}

function indentOf(first: SourceNode, key: SourceNode, source: SourceText): number | undefined {
  const start = typeof first.part === 'number' ? source.findDash(first) : first.keyStart;
  return start === undefined ? undefined : source.columnOf(start) - source.columnOf(key.keyStart);
}
