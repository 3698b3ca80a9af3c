import type { FindingRow } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { StoredRows } from './stored-rows.ts';

const row = (fingerprint: string, kind = 'Pod') => ({
  fingerprint,
  kind,
  namespace: 'shop',
  name: fingerprint,
  digest: 'same',
});
const found = (fingerprint: string): FindingRow => row(fingerprint) as FindingRow;
const never = () => false;
const always = () => true;

function start(...before: readonly ReturnType<typeof row>[]): StoredRows {
  const stored = new StoredRows();
  stored.load([], before);
  return stored;
}

describe('what was found before a start', () => {
  it.each([
    { what: 'is resolved where it is found no more', isKnown: always, resolved: ['gone'] },
    { what: 'stays where its kind is not seen: an outage resolves nothing', isKnown: never, resolved: [] },
  ])('$what', ({ isKnown, resolved }) => {
    const stored = start(row('here'), row('gone'));

    expect(stored.different([found('here')], [], isKnown)).toEqual({ findings: [], resolved });
  });

  it('is resolved once, as soon as its kind is seen', () => {
    const stored = start(row('here'), row('gone'), row('other', 'Node'));
    const isPod = ({ kind }: { readonly kind: string }) => kind === 'Pod';

    expect(stored.different([found('here')], [], never).resolved).toEqual([]);
    expect(stored.isSettled).toBe(true);
    expect(stored.different([], [], isPod)).toEqual({ findings: [], resolved: ['gone'] });
    expect(stored.different([], [], isPod).resolved).toEqual([]);
    expect(stored.different([], [], always).resolved).toEqual(['other']);
  });

  it('stays where it is found when its kind is seen, and then only what changes counts', () => {
    const stored = start(row('late'));
    stored.different([], [], never);

    expect(stored.different([found('late')], [], always)).toEqual({ findings: [], resolved: [] });
    expect(stored.different([], [], always).resolved).toEqual([]);
    expect(stored.different([], ['late', 'never'], always).resolved).toEqual(['late']);
  });
});
