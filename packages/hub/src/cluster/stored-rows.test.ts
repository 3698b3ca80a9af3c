import type { FindingRow } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { type FindingSight, StoredRows } from './stored-rows.ts';

const row = (fingerprint: string, kind = 'Pod') => ({
  fingerprint,
  kind,
  namespace: 'shop',
  name: fingerprint,
  digest: 'same',
});
const found = (fingerprint: string): FindingRow => row(fingerprint) as FindingRow;
const gone = (fingerprint: string) => ({
  fingerprint,
  kind: 'Pod',
  namespace: 'shop',
  name: fingerprint,
});
const nothing = () => false;
const sight = (isKnown: FindingSight['isKnown'], more: Partial<FindingSight> = {}): FindingSight => ({
  isKnown,
  isRecalled: nothing,
  isAwaited: nothing,
  ...more,
});
const never = sight(nothing);
const always = sight(() => true);

function start(...before: readonly ReturnType<typeof row>[]): StoredRows {
  const stored = new StoredRows();
  stored.load([], before);
  return stored;
}

describe('what was found before a start', () => {
  it.each([
    { what: 'is resolved where it is found no more', seen: always, resolved: ['gone'] },
    { what: 'stays where its kind is not seen: an outage resolves nothing', seen: never, resolved: [] },
  ])('$what', ({ seen, resolved }) => {
    const stored = start(row('here'), row('gone'));

    expect(stored.different([found('here')], [], seen)).toEqual({ findings: [], resolved });
  });

  it('is resolved once, as soon as its kind is seen', () => {
    const stored = start(row('here'), row('gone'), row('other', 'Node'));
    const isPod = sight(({ kind }) => kind === 'Pod');

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
    expect(stored.different([], [gone('late'), gone('never')], always).resolved).toEqual(['late']);
  });
});

describe('an object that is known from before the start only', () => {
  const recalled = sight(nothing, { isRecalled: () => true });

  it('keeps what was written of it, also where its pods show something else', () => {
    const stored = start(row('here'));
    const other = { ...found('here'), digest: 'other' };

    expect(stored.different([other], [], recalled).findings).toEqual([]);
    expect(stored.unseen()).toEqual(['here']);
    expect(stored.different([], [], always).findings).toEqual([other]);
  });

  it('keeps what its pods do not show any more', () => {
    const stored = start(row('here'));
    stored.different([found('here')], [], recalled);

    expect(stored.different([], [gone('here')], recalled).resolved).toEqual([]);
    expect(stored.different([], [], always).resolved).toEqual(['here']);
  });
});

describe('a new finding that depends on what was not listed yet', () => {
  const waiting = sight(() => true, { isAwaited: () => true });

  it('is written when that was', () => {
    const stored = start();

    expect(stored.different([found('new')], [], waiting).findings).toEqual([]);
    expect(stored.different([], [], always).findings).toEqual([found('new')]);
  });

  it('is never written where it is no more by then', () => {
    const stored = start();
    stored.different([found('new')], [], waiting);

    expect(stored.different([], [gone('new')], always)).toEqual({ findings: [], resolved: [] });
  });
});
