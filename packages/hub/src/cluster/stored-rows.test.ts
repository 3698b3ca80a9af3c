import type { FindingRow, StoredDecision } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { type FindingSight, StoredRows } from './stored-rows.ts';

const row = (fingerprint: string, kind = 'Pod') => ({
  fingerprint,
  kind,
  namespace: 'shop',
  name: fingerprint,
  digest: 'same',
});
const found = (fingerprint: string, more: Partial<FindingRow> = {}): FindingRow =>
  ({ ...row(fingerprint), ...more }) as FindingRow;
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
  stored.load(
    [],
    before.map((each) => ({ exception: null, asMade: null, ...each })),
  );
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

describe('what accepted a finding as its object showed it', () => {
  const ofHub: StoredDecision = { id: 7, reason: 'Why.', owner: null, until: null, origin: 'hub' };
  const other: StoredDecision = { ...ofHub, id: 8 };
  const nothingElse = { resources: [], removed: [] };

  it.each<[string, Pick<FindingRow, 'exception' | 'asMade'>, StoredDecision | undefined]>([
    ['is what accepts it where that is so', { exception: ofHub }, ofHub],
    ['is kept where pods alone show it', { exception: undefined, asMade: { accepted: ofHub } }, ofHub],
    ['is nothing else that accepts it since', { exception: other, asMade: { accepted: ofHub } }, ofHub],
    ['is nothing where it was accepted later', { exception: other, asMade: { accepted: null } }, undefined],
    ['is nothing where nothing accepts it', { exception: undefined }, undefined],
  ])('%s, also after a start', (_what, said, accepted) => {
    const written = start(row('here'));
    written.note({ ...nothingElse, findings: [found('here', said)], resolved: [] });
    const loaded = new StoredRows();
    loaded.load([], [{ ...row('here'), exception: said.exception ?? null, asMade: said.asMade ?? null }]);

    expect(written.accepted('here')).toEqual(accepted);
    expect(loaded.accepted('here')).toEqual(accepted);
  });

  it('is forgotten with it', () => {
    const stored = start();
    stored.note({ ...nothingElse, findings: [found('here', { exception: ofHub })], resolved: [] });
    stored.note({ ...nothingElse, findings: [], resolved: ['here'] });

    expect(stored.accepted('here')).toBeUndefined();
  });
});
