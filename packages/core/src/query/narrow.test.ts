import { expect, it } from 'vitest';
import { FINDING_FIELDS } from './fields.ts';
import { narrowQuery } from './narrow.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';
import type { Query } from './query.ts';

function read(text: string): Query {
  const parsed = parseQuery(text, FINDING_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

it.each([
  { asked: '', further: 'owner:pay', together: 'owner:pay' },
  { asked: 'severity:high', further: '', together: 'severity:high' },
  { asked: 'severity:high', further: 'owner:pay', together: 'severity:high owner:pay' },
  {
    asked: 'severity:high OR fixable:yes',
    further: 'owner:pay',
    together: '(severity:high OR fixable:yes) owner:pay',
  },
  { asked: '-owner:pay secret', further: 'owner:pay', together: '-owner:pay secret owner:pay' },
  {
    asked: 'ns:shop',
    further: 'kind:Pod namespace:shop name:web',
    together: 'namespace:shop kind:Pod name:web',
  },
  { asked: 'owner:pay,shop', further: 'owner:pay', together: 'owner:pay,shop owner:pay' },
])('[$asked] narrowed by [$further] is [$together]', ({ asked, further, together }) => {
  const narrowed = narrowQuery(read(asked), read(further));

  expect(printQuery(narrowed)).toBe(together);
  expect(read(together)).toEqual(narrowed);
});
