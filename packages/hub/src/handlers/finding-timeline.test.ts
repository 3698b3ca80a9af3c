import type { Actor, ChangeBy, FindingVersion, StoredDecision } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { timelineOf } from './finding-timeline.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 26, 12, minute));
const actor = (user: string | null, managers: readonly string[] = []): Actor => ({
  user,
  groups: [],
  impersonatedBy: null,
  address: null,
  userAgent: null,
  managers,
});
const by = (change: number, user: string): ChangeBy => ({ change, actor: actor(user) });
const decision = (reason: string): StoredDecision => ({
  id: 7,
  reason,
  owner: 'security',
  until: '2026-12-31',
  origin: 'hub',
});

function version(from: number, to: number | null, more: Partial<FindingVersion> = {}): FindingVersion {
  return {
    from: at(from),
    to: to === null ? null : at(to),
    severity: 3,
    message: 'It is wrong.',
    exception: null,
    requested: null,
    openedBy: null,
    isResolved: false,
    resolvedBy: null,
    ...more,
  };
}

function told(versions: readonly FindingVersion[], more: Partial<Parameters<typeof timelineOf>[0]> = {}) {
  return timelineOf({ versions, triage: [], comments: [], deciders: new Map(), ...more }).map(
    ({ what, by: who, text, until }) => [what, who, text, until].filter((part) => part !== null).join(' | '),
  );
}

describe('the time line of a finding', () => {
  it('says when it came and went, and by whose change', () => {
    const life = [
      version(0, 10, { openedBy: by(1, 'ann'), isResolved: true, resolvedBy: by(2, 'bob') }),
      version(20, null, { openedBy: { change: 3, actor: actor(null, ['kubectl']) } }),
    ];

    expect(told(life)).toEqual(['opened again | kubectl', 'resolved | bob', 'opened | ann']);
  });

  it('does not take another version for another beginning', () => {
    expect(told([version(0, 10), version(10, null, { message: 'It is worse.', severity: 4 })])).toEqual([
      'changed | critical: It is worse.',
      'opened',
    ]);
  });

  it('says what was asked for and accepted, and when that ended', () => {
    const life = [
      version(0, 10),
      version(10, 20, { requested: decision('Needed.') }),
      version(20, 30, { exception: decision('Needed.') }),
      version(30, null),
    ];

    expect(told(life)).toEqual([
      'no longer accepted | Needed.',
      'accepted | Needed. (owner security, until 2026-12-31)',
      'exception asked for | Needed. (owner security, until 2026-12-31)',
      'opened',
    ]);
  });

  it('says who asked, approved and ended, whoever is named as the owner', () => {
    const people = { createdBy: 'ben', approvedBy: 'ann', revokedBy: 'eve', revokedBecause: null };
    const deciders = new Map([[7, people]]);
    const forged = { ...decision('Needed.'), owner: 'ann' };
    const life = [
      version(0, 10),
      version(10, 20, { requested: forged }),
      version(20, 30, { exception: forged }),
      version(30, null),
    ];

    expect(told(life, { deciders })).toEqual([
      'no longer accepted | eve | Needed.',
      'accepted | ann | Needed. (owner ann, until 2026-12-31)',
      'exception asked for | ben | Needed. (owner ann, until 2026-12-31)',
      'opened',
    ]);
    expect(told(life.slice(0, 3), { deciders: new Map([[7, { ...people, approvedBy: null }]]) })[0]).toBe(
      'accepted | ben | Needed. (owner ann, until 2026-12-31)',
    );
  });

  it('says who refused what was asked for in the hub, and that nobody ended what has run out', () => {
    const people = { createdBy: 'ben', approvedBy: null, revokedBy: 'eve', revokedBecause: 'Not this year.' };
    const deciders = new Map([[7, people]]);
    const over = { ...decision('Needed.'), until: '2026-11-25' };

    expect(
      told([version(0, 10, { requested: decision('Needed.') }), version(10, null)], { deciders })[0],
    ).toBe('exception refused | eve | Not this year.');
    expect(told([version(0, 10, { exception: over }), version(10, null)], { deciders })[0]).toBe(
      'no longer accepted | Needed.',
    );
  });

  it('says who answered what an annotation asks for', () => {
    const asked = { ...decision('Needed.'), annotation: 'bulwark.dev/except.host-pid' };
    const approved = { ...asked, id: 7, approvedBy: 'bob' };
    const refused = { ...asked, id: 7, refusedBy: 'eve' };
    const life = [
      version(0, 5),
      version(5, 10, { requested: { ...asked, id: null } }),
      version(10, 20, { requested: refused }),
      version(20, 30, { exception: approved }),
      version(30, null, { requested: refused }),
    ];

    expect(told(life)).toEqual([
      'no longer accepted | eve | Needed.',
      'accepted | bob | Needed. (owner security, until 2026-12-31)',
      'exception refused | eve | Needed.',
      'exception asked for | Needed. (owner security, until 2026-12-31)',
      'opened',
    ]);
  });

  describe('of what an annotation says', () => {
    const said = { ...decision('Needed.'), id: null, annotation: 'bulwark.dev/except.host-pid' };
    const changes = (versions: readonly FindingVersion[]) =>
      timelineOf({ versions, triage: [], comments: [], deciders: new Map() }).map(
        ({ what, by: who, change }) => [what, who, change],
      );

    it('names who wrote it, changed it and took it away, and the change', () => {
      const other = { ...said, reason: 'Still needed.' };
      const life = [
        version(0, 10, { openedBy: by(1, 'bot') }),
        version(10, 20, { exception: said, openedBy: by(2, 'ann') }),
        version(20, 30, { exception: other, openedBy: by(3, 'ben') }),
        version(30, null, { openedBy: by(4, 'eve') }),
      ];

      expect(changes(life)).toEqual([
        ['no longer accepted', 'eve', 4],
        ['accepted', 'ben', 3],
        ['accepted', 'ann', 2],
        ['opened', 'bot', 1],
      ]);
    });

    it('names who asked by it, and who approved, who made no change', () => {
      const life = [
        version(0, 10, { openedBy: by(1, 'bot') }),
        version(10, 20, { requested: said, openedBy: by(2, 'ann') }),
        version(20, 30, { exception: { ...said, id: 7, approvedBy: 'bob' }, openedBy: by(2, 'ann') }),
        version(30, null, { openedBy: by(3, 'ann') }),
      ];

      expect(changes(life)).toEqual([
        ['no longer accepted', 'ann', 3],
        ['accepted', 'bob', null],
        ['exception asked for', 'ann', 2],
        ['opened', 'bot', 1],
      ]);
    });

    it('names who wrote again what somebody had approved before, not who approved', () => {
      const approved = { ...said, id: 7, approvedBy: 'dan' };
      const life = [
        version(0, 10, { exception: approved, openedBy: by(1, 'bot') }),
        version(10, 20, { openedBy: by(2, 'carol') }),
        version(20, 30, { exception: approved, openedBy: by(3, 'dora') }),
      ];

      expect(changes(life).slice(0, 2)).toEqual([
        ['accepted', 'dora', 3],
        ['no longer accepted', 'carol', 2],
      ]);
      expect(told(life)[0]).toBe(
        'accepted | dora | Needed. (owner security, until 2026-12-31, approved by dan)',
      );
    });

    it('names nobody where it came with no change, or has run out', () => {
      const over = { ...said, until: '2026-11-25' };
      const life = [
        version(0, 10, { openedBy: by(1, 'bot') }),
        version(10, 20, { exception: over, openedBy: by(1, 'bot') }),
        version(20, null, { openedBy: by(2, 'ann') }),
      ];

      expect(changes(life)).toEqual([
        ['no longer accepted', null, null],
        ['accepted', null, null],
        ['opened', 'bot', 1],
      ]);
    });

    it('is not mixed with what was said in the hub while somebody changed the object, who ended it where it covers that no more', () => {
      const life = [
        version(0, 10, { openedBy: by(1, 'bot') }),
        version(10, 20, { exception: decision('Needed.'), openedBy: by(2, 'ann') }),
        version(20, null, { openedBy: by(3, 'ben') }),
      ];

      expect(changes(life).slice(0, 2)).toEqual([
        ['no longer accepted', 'ben', 3],
        ['accepted', null, null],
      ]);
    });
  });

  it('puts what people decided and wrote between, newest first', () => {
    const change = { assignee: 'ann', acknowledged: true, deferredUntil: '2026-12-01T00:00:00.000Z' };
    const life = [version(0, null)];
    const triage = [
      { id: 1, author: 'bob', at: at(5), change },
      { id: 2, author: 'ann', at: at(8), change: { assignee: null, deferredUntil: null } },
    ];
    const comments = [{ id: 1, author: 'ann', at: at(6), text: 'On it.' }];

    expect(told(life, { triage, comments })).toEqual([
      'triage | ann | assigned to nobody',
      'triage | ann | no longer deferred',
      'comment | ann | On it.',
      'triage | bob | assigned to ann',
      'triage | bob | acknowledged',
      'triage | bob | deferred | 2026-12-01T00:00:00.000Z',
      'opened',
    ]);
  });
});
