import { expect, it } from 'vitest';
import { readView } from './view.ts';

it.each([
  [
    { q: 'severity:high', open: '1/shop' },
    { q: 'severity:high', open: '1/shop' },
  ],
  [
    { q: 2024, open: 17 },
    { q: '2024', open: '17' },
  ],
  [
    { cluster: '3', mine: 'yes' },
    { cluster: 3, mine: 'yes' },
  ],
  [{ asOf: '2026-11-26T10:00Z' }, { asOf: '2026-11-26T10:00:00.000Z' }],
  [{ cluster: 0, asOf: 'never', q: '', mine: true, open: ['1'], more: 'x' }, {}],
])('an address with %j shows %j', (search, view) => {
  expect(readView(search)).toEqual(view);
});
