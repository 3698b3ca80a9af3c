import { FINDING_FIELDS, matchesQuery, parseQuery } from '@bulwark/core';
import { type Gathered, type GatheredItem, MOST_LINKED } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message.ts';

const ID = '0e2c5d6a-1111-4222-8333-9a0b1c2d3e4f';

const SETTINGS = { controls: new Map(), origin: 'https://hub.example.com', now: new Date(0) };

function gathered(count: number, resolved: number, items: readonly Partial<GatheredItem>[] = []): Gathered {
  return {
    messageId: ID,
    cluster: { id: 1, name: 'prod' },
    topic: 'digest',
    change: null,
    owners: ['storefront'],
    environments: [],
    items,
    worst: null,
    fingerprints: Array.from({ length: count }, (_each, index) => fingerprintOf(index)),
    opened: count - resolved,
    late: 0,
    handedOver: 0,
    noLongerAccepted: 0,
    resolved,
  } as unknown as Gathered;
}

/** Of some findings, told in a message, those that its link leads to. */
function found(count: number, resolved: number, asked: readonly Record<string, string>[]) {
  const query = new URL(messageOf(gathered(count, resolved), SETTINGS).link).searchParams.get('q') ?? '';
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
  const told = { fingerprint: fingerprintOf(0), notification: ID, owner: 'storefront', state: 'open' };
  const other = { ...told, fingerprint: 'f'.repeat(32), notification: ID.replace('0e', '0f') };

  it.each([1, MOST_LINKED, MOST_LINKED + 1])(
    'leads to its findings and to no other of the owner, where it tells of %i',
    (count) => {
      expect(found(count, 0, [told, other])).toEqual([true, false]);
    },
  );

  it.each([
    { count: 1, resolved: 0 },
    { count: 1, resolved: 1 },
    { count: MOST_LINKED + 1, resolved: 0 },
    { count: MOST_LINKED + 1, resolved: 1 },
  ])(
    'leads to them whatever has become of them, where it tells of $count, of which $resolved are resolved',
    ({ count, resolved }) => {
      const query = new URL(messageOf(gathered(count, resolved), SETTINGS).link).searchParams.get('q') ?? '';
      const states = ['open', 'excepted', 'resolved'].map((state) => ({ ...told, state }));

      expect(query).toContain('state:');
      expect(found(count, resolved, states)).toEqual([true, true, true]);
    },
  );
});

describe('an item of a message', () => {
  it.each([
    { returns: 0, text: 'Pod shop/web: It is wrong.' },
    { returns: 1, text: 'Pod shop/web: It is wrong. Meanwhile it was resolved and came back once.' },
    { returns: 7, text: 'Pod shop/web: It is wrong. Meanwhile it was resolved and came back 7 times.' },
  ])('of what came back $returns times says so', ({ returns, text }) => {
    const object = { kind: 'Pod', namespace: 'shop', name: 'web', message: 'It is wrong.', severity: 3 };
    const item = {
      ...object,
      control: 'c',
      isResolved: false,
      deferredUntil: null,
      handedOver: null,
      accepted: null,
      returns,
    };

    expect(messageOf(gathered(1, 0, [item]), SETTINGS).items).toMatchObject([{ text }]);
  });
});
