import { FINDING_FIELDS, matchesQuery, parseQuery } from '@bulwark/core';
import { type Gathered, MOST_LINKED } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message.ts';

const ID = '0e2c5d6a-1111-4222-8333-9a0b1c2d3e4f';

/** Of some findings, told in a message, those that its link leads to. */
function found(count: number, resolved: number, asked: readonly Record<string, string>[]) {
  const gathered = {
    messageId: ID,
    cluster: { id: 1, name: 'prod' },
    topic: 'digest',
    change: null,
    owners: ['storefront'],
    environments: [],
    items: [],
    worst: null,
    fingerprints: Array.from({ length: count }, (_each, index) => fingerprintOf(index)),
    opened: count - resolved,
    late: 0,
    resolved,
  } as unknown as Gathered;
  const settings = { controls: new Map(), origin: 'https://hub.example.com', now: new Date(0) };
  const query = new URL(messageOf(gathered, settings).link).searchParams.get('q') ?? '';
  const parsed = parseQuery(query, FINDING_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return asked.map((values) =>
    matchesQuery(
      parsed.value,
      { value: (field) => values[field], texts: [] },
      { fields: FINDING_FIELDS, now: 0 },
    ),
  );
}

function fingerprintOf(index: number): string {
  return index.toString(16).padStart(8, '0').repeat(4);
}

describe('the link of a message', () => {
  const told = { fingerprint: fingerprintOf(0), notification: ID, owner: 'storefront' };
  const other = { fingerprint: 'f'.repeat(32), notification: ID.replace('0e', '0f'), owner: 'storefront' };

  it.each([1, MOST_LINKED, MOST_LINKED + 1])(
    'leads to its findings and to no other of the owner, where it tells of %i',
    (count) => {
      expect(found(count, 0, [told, other])).toEqual([true, false]);
    },
  );

  it.each([1, MOST_LINKED + 1])('leads to what is resolved, too, where it tells of %i', (count) => {
    const states = ['open', 'resolved'].map((state) => ({ ...told, state }));

    expect(found(count, 1, states)).toEqual([true, true]);
  });
});
