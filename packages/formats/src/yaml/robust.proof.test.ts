import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EXPANDED_NODES } from './anchors.ts';
import { decodeText } from './decode.ts';
import { WIDTH } from './offsets.ts';
import { type Choose, mutate, randomDocument } from './random-yaml.ts';
import { readDocuments } from './read.ts';
import { whyUnsound } from './soundness.ts';

const RUNS = process.env['BULWARK_PROOF'] === 'full' ? 50_000 : 500;

/** What is wrong with the reading of a text: an unsound result, or more nodes than its length allows. */
function whyWrong(text: string): string | undefined {
  const result = readDocuments(text);
  const nodes = result.documents.reduce((sum, { offsets }) => sum + offsets.length / WIDTH, 0);
  const aliased = text.includes('*') ? MAX_EXPANDED_NODES * result.documents.length : 0;
  // Every node but a root and an empty value has a character of its own.
  if (nodes > 2 * (text.length + 1) + aliased) return 'more nodes than the text can have';
  if (result.documents.length + result.problems.length > text.length)
    return 'more documents than the text can have';
  return whyUnsound(text, result);
}

function chooser(given: fc.GeneratorValue): Choose {
  return (limit) => given(fc.nat, { max: limit - 1 });
}

const documents = fc.gen().map((given) => {
  const choose = chooser(given);
  return [randomDocument(choose), randomDocument(choose)].join(choose(2) === 0 ? '---\n' : '');
});

/** Repeats of short pieces find what is not linear, and what overflows. */
const repeated = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...' \n\t-?:[]{},#&*!|>\'"%a1\\~.<'), minLength: 1, maxLength: 6 }),
    fc.nat({ max: 3000 }),
    fc.string({ unit: fc.constantFrom(...' \n-?:[]{},a"'), maxLength: 4 }),
  )
  .map(([piece, count, tail]) => piece.repeat(count) + tail);

describe(`reading never crashes, hangs or gives what is not there, ${RUNS} texts of each kind`, () => {
  it.each([
    { kind: 'documents', texts: documents },
    {
      kind: 'mutated documents',
      texts: fc.gen().map((given) => mutate(randomDocument(chooser(given)), chooser(given))),
    },
    { kind: 'repeated pieces', texts: repeated },
    { kind: 'random text', texts: fc.string({ unit: 'binary', maxLength: 300 }) },
    {
      kind: 'random bytes that are text',
      texts: fc.uint8Array({ maxLength: 300 }).map((bytes) => {
        const text = decodeText(bytes);
        return text.ok ? text.value : new TextDecoder('latin1').decode(bytes);
      }),
    },
  ])('$kind', ({ texts }) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(whyWrong(text)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });
});
