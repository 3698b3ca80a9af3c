import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stillOffered } from './query-offer.ts';

/** What was offered for a text with the caret at the bar, for the word before it. */
function offered(marked: string, word: string, items: readonly string[]) {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, from: at - word.length, to: at, items: items.map((each) => ({ text: each })) };
}

function typed(marked: string) {
  return { text: marked.replace('|', ''), at: marked.indexOf('|') };
}

const OWNER = offered('owne|', 'owne', ['owner:', 'owner-kind:']);
const SEVERITY = offered('severity:| namespace:shop', '', ['critical', 'high']);

describe('what was offered for a text of before', () => {
  it.each([
    { of: 'the same text', was: OWNER, now: 'owne|', items: ['owner:', 'owner-kind:'] },
    { of: 'more of the word', was: OWNER, now: 'owner-|', items: ['owner-kind:'] },
    { of: 'less of it', was: OWNER, now: 'own|', items: ['owner:', 'owner-kind:'] },
    { of: 'what goes on behind it', was: OWNER, now: 'owner:payments severity:critical|', items: [] },
    { of: 'another word', was: OWNER, now: 'name|', items: [] },
    {
      of: 'a value before other parts',
      was: SEVERITY,
      now: 'severity:cr| namespace:shop',
      items: ['critical'],
    },
    { of: 'a caret elsewhere', was: SEVERITY, now: 'severity:cr namespace:s|hop', items: [] },
    { of: 'other parts by now', was: SEVERITY, now: 'severity:cr| namespace:pay', items: [] },
    { of: 'nothing', was: undefined, now: 'owne|', items: [] },
  ])('is offered for $of as far as it fits: $now', ({ was, now, items }) => {
    expect(stillOffered(was, typed(now)).items.map(({ text }) => text)).toEqual(items);
  });

  it('takes the place of the word alone, whatever was typed', () => {
    const part = fc.string({ unit: fc.constantFrom('o', 'w', 'n', 'e', 'r', ':', ' '), maxLength: 12 });
    fc.assert(
      fc.property(part, part, part, fc.nat(12), (text, word, now, caret) => {
        const at = Math.min(caret, now.length);
        const was = {
          text: text + word,
          from: text.length,
          to: text.length + word.length,
          items: [{ text: 'owner:' }],
        };
        const { items, from, to } = stillOffered(was, { text: now, at });
        if (items.length === 0 || now === was.text) return;
        expect(from <= at && at <= to && to <= now.length).toBe(true);
        expect('owner:'.startsWith(now.slice(from, to))).toBe(true);
      }),
    );
  });
});
