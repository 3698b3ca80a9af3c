import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryList, pageInMemory } from './memory-page.ts';

interface Item {
  readonly id: string;
  readonly weight: number;
}

const LIST: MemoryList<Item> = {
  sorts: { id: ({ id }) => id, weight: ({ weight }) => weight },
  standard: 'id',
  keyOf: ({ id }) => id,
};

const ITEMS = fc.uniqueArray(fc.record({ id: fc.string(), weight: fc.integer({ min: 0, max: 3 }) }), {
  selector: ({ id }) => id,
});

describe('pages of a list in memory', () => {
  it('have every item once, in order, whatever their size', () => {
    fc.assert(
      fc.property(
        ITEMS,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('id', '-id', 'weight', '-weight'),
        (items, limit, sort) => {
          const seen: Item[] = [];
          let cursor: string | undefined;
          do {
            const page = pageInMemory(items, LIST, { sort, limit, cursor });
            seen.push(...page.items);
            cursor = page.next ?? undefined;
          } while (cursor !== undefined);

          expect(seen).toEqual(pageInMemory(items, LIST, { sort, limit: 1000 }).items);
          expect(new Set(seen)).toEqual(new Set(items));
          const weights = seen.map(({ weight }) => (sort.startsWith('-') ? -weight : weight));
          if (sort.endsWith('weight')) expect(weights).toEqual(weights.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it.each([
    ['an unknown order', { sort: 'constructor' }, 'bad-request'],
    ['a cursor that is none', { cursor: 'x' }, 'bad-cursor'],
    [
      'a cursor of another order',
      { sort: '-id', cursor: Buffer.from('[1,"id","a","a"]').toString('base64url') },
      'bad-cursor',
    ],
  ])('refuse %s', (_what, request, code) => {
    expect(() => pageInMemory([], LIST, { limit: 1, ...request })).toThrowError(
      expect.objectContaining({ code }),
    );
  });
});
