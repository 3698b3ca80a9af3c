import type { ExceptionItem } from '@bulwark/api';
import { COVERAGE_FIELDS } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { COVERAGE } from './clusters.ts';
import { EXCEPTIONS } from './exception-list.ts';
import { foundInMemory } from './memory-query.ts';

const NOW = new Date('2026-11-26T12:00:00Z');

function exception(id: number, more: Partial<ExceptionItem>): ExceptionItem {
  return {
    id,
    origin: 'hub',
    source: `hub:${id}`,
    request: null,
    scope: { controls: ['host-pid'] },
    clusters: [{ id: 1, name: 'prod' }],
    query: null,
    reason: 'The node agent needs it.',
    owner: null,
    until: null,
    state: 'active',
    createdBy: 'ann',
    createdAt: '2026-11-20T12:00:00Z',
    approvedBy: null,
    revokedBy: null,
    revokedAt: null,
    revokedBecause: null,
    covers: 1,
    counts: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
    isCounted: true,
    about: { controls: [], controlCount: 0, objects: 0, worst: null },
    waiting: 0,
    approval: null,
    ending: null,
    advice: [],
    ...more,
  };
}

const ITEMS = [
  exception(1, { owner: 'payments', until: '2026-12-10' }),
  exception(2, {
    state: 'requested',
    scope: { namespaces: ['shop', 'pay'] },
    createdBy: 'ben',
    clusters: null,
  }),
  exception(3, { covers: 40, createdAt: '2026-01-01T00:00:00Z', reason: 'Legacy.' }),
];

describe('exceptions', () => {
  it.each([
    { q: undefined, finds: [1, 2, 3] },
    { q: 'state:active', finds: [1, 3] },
    { q: 'owner:none', finds: [2, 3] },
    { q: 'owner:pay*', finds: [1] },
    { q: 'control:host-*', finds: [1, 3] },
    { q: 'namespace:shop', finds: [2] },
    { q: 'namespace:none', finds: [1, 3] },
    { q: 'cluster:prod', finds: [1, 3] },
    { q: 'cluster:none', finds: [2] },
    { q: 'by:ben', finds: [2] },
    { q: 'until:<2027-01-01', finds: [1] },
    { q: 'until:none', finds: [2, 3] },
    { q: 'covers:>10', finds: [3] },
    { q: 'age:>90d', finds: [3] },
    { q: 'legacy', finds: [3] },
    { q: '-legacy state:active', finds: [1] },
  ])('are found by $q', ({ q, finds }) => {
    expect(foundInMemory(ITEMS, EXCEPTIONS, { q, now: NOW }).map(({ id }) => id)).toEqual(finds);
  });
});

it('a query that no field answers is refused', () => {
  expect(() => foundInMemory([], COVERAGE, { q: 'severity:high', now: NOW })).toThrow(
    expect.objectContaining({ code: 'bad-query' }),
  );
});

it.each([
  ['coverage', COVERAGE_FIELDS, COVERAGE],
  ['exceptions', EXCEPTIONS.fields, EXCEPTIONS],
])('every field of %s has a value', (_list, fields, { values }) => {
  expect(Object.keys(values).sort()).toEqual(fields.map(({ name }) => name).sort());
});
