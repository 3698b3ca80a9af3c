import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryForValues } from './field-values.ts';
import { FINDING_FIELDS } from './fields.ts';
import { matchesQuery } from './match.ts';
import { parseQuery } from './parse.ts';

/** Whether the query for an owner finds what another owns. */
function finds(asked: string | null, owner: string | undefined): boolean {
  const parsed = parseQuery(queryForValues({ owner: asked }), FINDING_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const record = { value: () => owner, texts: [] };
  return matchesQuery(parsed.value, record, { fields: FINDING_FIELDS, now: 0 });
}

describe('the query for given values', () => {
  it.each([
    ['a name', 'storefront', 'owner:storefront'],
    ['blanks and signs', 'Platform Team: (EU) "x"', 'owner:"Platform Team: (EU) \\"x\\""'],
    ['a name that means nobody', 'none', 'owner:"none"'],
    ['nobody', null, 'owner:none'],
    ['what would be a pattern', 'pay*', 'owner:"pay*"'],
    ['what would be a comparison', '>=high', 'owner:">=high"'],
    ['what would be several', 'a,b', 'owner:"a,b"'],
  ])('quotes %s where that is needed', (_what, owner, text) => {
    expect(queryForValues({ owner })).toBe(text);
  });

  it('asks for any of several values, and for all fields', () => {
    const values = { control: ['host-pid', 'host-ipc'], namespace: '', name: 'my app' };

    expect(queryForValues(values)).toBe('control:host-pid,host-ipc namespace:none name:"my app"');
  });

  it('finds what has exactly this value, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('none', 'NONE', '*', 'a*', '"', '\\', '(', 'OR', '-a'),
    );
    fc.assert(
      fc.property(text, text, (owner, other) => {
        expect(finds(owner, owner)).toBe(true);
        expect(finds(owner, undefined)).toBe(false);
        expect(finds(owner, other)).toBe(owner.toLowerCase() === other.toLowerCase());
        expect([finds(null, undefined), finds(null, other)]).toEqual([true, false]);
      }),
    );
  });
});
