import { FINDING_FIELDS, matchesQuery, parseQuery } from '@bulwark/core';
import { type Gathered, MOST_LINKED } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message.ts';

/** Whether the link of a message to an owner leads to what another owns. */
function leadsTo(owner: string | null, other: string | undefined): boolean {
  const gathered = {
    messageId: 'm',
    cluster: { id: 1, name: 'prod' },
    topic: 'digest',
    change: null,
    owners: [owner],
    environments: [],
    items: [],
    worst: null,
    // More than an address names, so that it leads to what fits them all.
    fingerprints: Array.from({ length: MOST_LINKED + 1 }, (_each, index) => `${index}`),
    opened: 1,
    resolved: 0,
  } as unknown as Gathered;
  const settings = { controls: new Map(), origin: 'https://hub.example.com', now: new Date(0) };
  const asked = new URL(messageOf(gathered, settings).link).searchParams.get('q') ?? '';
  const parsed = parseQuery(asked, FINDING_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return matchesQuery(parsed.value, { value: () => other, texts: [] }, { fields: FINDING_FIELDS, now: 0 });
}

describe('the link of a message', () => {
  it.each(['Platform Team: (EU) "x"', 'none', 'a\\b', 'Läden'])('leads to what %s owns', (owner) => {
    expect([leadsTo(owner, owner), leadsTo(owner, undefined)]).toEqual([true, false]);
  });

  it('leads to what nobody owns', () => {
    expect([leadsTo(null, undefined), leadsTo(null, 'none')]).toEqual([true, false]);
  });
});
