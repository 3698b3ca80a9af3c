import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute, type SeenChange } from './attribute.ts';
import type { AuditWrite } from './write.ts';

/** Seconds after some moment, in milliseconds. */
const START = Date.UTC(2026, 10, 26, 10);
function at(seconds: number): number {
  return START + seconds * 1000;
}

function change(id: number, seconds: number, more: Partial<SeenChange> = {}): SeenChange {
  return {
    id,
    effect: 'changed',
    at: at(seconds),
    since: at(-1000),
    created: undefined,
    isOfMetadata: true,
    isRemoval: true,
    uid: 'u-1',
    resourceVersion: undefined,
    manager: undefined,
    written: undefined,
    ...more,
  };
}

function write(user: string, seconds: number, more: Partial<AuditWrite> = {}): AuditWrite {
  return {
    id: `${user}-${seconds}`,
    auditId: `${user}-${seconds}`,
    effect: 'changed',
    isOfStatus: false,
    mayHaveFailed: false,
    group: 'apps',
    resource: 'deployments',
    namespace: 'shop',
    name: 'web',
    uid: undefined,
    before: undefined,
    after: undefined,
    received: at(seconds) - 20,
    done: at(seconds),
    manager: undefined,
    actor: { user, groups: [], impersonatedBy: null, address: null, userAgent: null },
    ...more,
  };
}

/** By whom each change is said to be made, a question mark where that is uncertain. */
function told(changes: readonly SeenChange[], writes: readonly AuditWrite[]): Record<number, string> {
  const by = attribute(changes, writes);
  return Object.fromEntries(
    by.map(({ change: id, write: { actor }, isUncertain }) => [id, `${actor.user}${isUncertain ? '?' : ''}`]),
  );
}

const STATUS = { isOfStatus: true } as const;
const FAILED = { mayHaveFailed: true } as const;
const UNNAMED = { effect: 'created', name: '' } as const;
const MADE = { effect: 'created', created: at(7) } as const;
const DELETED = { effect: 'deleted' } as const;

describe('a change', () => {
  it.each<{
    name: string;
    changes: readonly SeenChange[];
    writes: readonly AuditWrite[];
    expected: Record<number, string>;
  }>([
    {
      name: 'is of the only request in its time',
      changes: [change(1, 10)],
      writes: [write('ann', 9.5)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of nobody where no request fits',
      changes: [change(1, 10)],
      writes: [write('ann', 9, { effect: 'created' }), write('bob', -1100), write('eve', 30)],
      expected: {},
    },
    {
      name: 'is of the nearest of several, and says that this is uncertain',
      changes: [change(1, 10)],
      writes: [write('ann', 5), write('bob', 9)],
      expected: { 1: 'bob?' },
    },
    {
      name: 'is certain where the same person asked several times in the same way',
      changes: [change(1, 10)],
      writes: [write('ann', 5), write('ann', 9)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is uncertain where the only request was long before it was seen',
      changes: [change(1, 10)],
      writes: [write('ann', -300)],
      expected: { 1: 'ann?' },
    },
    {
      name: 'is of the request that made its version, however near another one is',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', -300, { after: '42' }), write('bob', 9)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of no request that made a later version',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', 9, { after: '43' })],
      expected: {},
    },
    {
      name: 'can be of a request that made an earlier version, as several are seen as one',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', 9, { after: '41' })],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of no request that was based on what it made',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', 8, { before: '41' }), write('bob', 10, { before: '42' })],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of the request whose manager and second the object names',
      changes: [change(1, 10, { manager: 'kubectl-edit', written: at(7) })],
      writes: [
        write('ann', 7.3, { manager: 'kubectl-edit' }),
        write('bob', 7.6, { manager: 'helm' }),
        write('eve', 9, { manager: 'kubectl-edit' }),
      ],
      expected: { 1: 'ann' },
    },
    {
      name: 'that was seen long after it was made is certain where the object names manager and second',
      changes: [change(1, 5000, { manager: 'helm', written: at(7) })],
      writes: [write('ann', 7.3, { manager: 'helm' })],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of a request with a clock that is ahead, where there is no other',
      changes: [change(1, 10)],
      writes: [write('ann', 14)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of the request that made its version, however far ahead or behind the clock of the API server is',
      changes: [
        change(1, 10, { resourceVersion: '42' }),
        change(2, 12, { since: at(10), resourceVersion: '43' }),
      ],
      writes: [write('ann', 400, { after: '42' }), write('bob', -400, { after: '43' })],
      expected: { 1: 'ann', 2: 'bob' },
    },
    {
      name: 'is of the request whose manager and second the object names, whatever the clock of the hub says',
      changes: [change(1, 10, { manager: 'helm', written: at(400) })],
      writes: [write('ann', 400.3, { manager: 'helm' })],
      expected: { 1: 'ann' },
    },
    {
      name: 'takes its request away from the next change',
      changes: [change(1, 10), change(2, 12, { since: at(10) })],
      writes: [write('ann', 9), write('bob', 11)],
      expected: { 1: 'ann', 2: 'bob' },
    },
    {
      name: 'is not of a request about another object of that name',
      changes: [change(1, 10, { ...DELETED })],
      writes: [write('ann', 9, { ...DELETED, uid: 'u-0' }), write('bob', 8, { ...DELETED, uid: 'u-1' })],
      expected: { 1: 'bob' },
    },
    {
      name: 'is of who asked for a deletion, not of the kubelet that carried it out',
      changes: [change(1, 40, DELETED)],
      writes: [write('ann', 9, DELETED), write('system:node:n1', 39, DELETED)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is of a part of Kubernetes where nobody else asked',
      changes: [change(1, 40, DELETED)],
      writes: [write('system:serviceaccount:kube-system:generic-garbage-collector', 39, DELETED)],
      expected: { 1: 'system:serviceaccount:kube-system:generic-garbage-collector' },
    },
    {
      name: 'is of who deleted the object where it is the end that begins, and so is the end',
      changes: [
        change(1, 10, { resourceVersion: '42', manager: 'kubectl-annotate' }),
        change(2, 15, DELETED),
      ],
      writes: [
        write('ben', 5, { after: '41', manager: 'kubectl-annotate' }),
        write('ann', 9, { ...DELETED, after: '42' }),
      ],
      expected: { 1: 'ann', 2: 'ann' },
    },
    {
      name: 'is of nobody who deleted the object after it, as far as versions tell',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', 9, { ...DELETED, after: '43' }), write('eve', 9, DELETED)],
      expected: {},
    },
    {
      name: 'is of who deleted it by name before who deleted many',
      changes: [change(1, 10, DELETED)],
      writes: [write('ann', 8, DELETED), write('bob', 9, { ...DELETED, name: '' })],
      expected: { 1: 'ann' },
    },
  ])('$name', ({ changes, writes, expected }) => {
    expect(told(changes, writes)).toEqual(expected);
  });

  it('and another one can both be of a request that deleted many', () => {
    const many = write('ann', 9, { ...DELETED, name: '' });

    expect(told([change(1, 10, DELETED), change(2, 11, DELETED)], [many])).toEqual({ 1: 'ann', 2: 'ann' });
  });

  it('that an old request could explain, which the kubelet carried out much later, is uncertain', () => {
    const known = { ...DELETED, uid: 'u-1' };

    expect(
      told([change(1, 4000, DELETED)], [write('ann', 9, known), write('system:node:n1', 3999, known)]),
    ).toEqual({ 1: 'ann?' });
  });

  it.each<{
    name: string;
    change?: Partial<SeenChange>;
    writes: readonly AuditWrite[];
    expected: Record<number, string>;
  }>([
    {
      name: 'is of who wrote the status where nobody wrote the object',
      writes: [write('eve', 9, STATUS)],
      expected: { 1: 'eve' },
    },
    {
      name: 'is of who wrote the status from before it to long after it',
      writes: [write('eve', 900, { ...STATUS, received: at(2) }), write('bob', 2, STATUS)],
      expected: { 1: 'eve?' },
    },
    {
      name: 'is of who wrote the object before who wrote the status',
      writes: [write('ann', 5), write('eve', 9, STATUS)],
      expected: { 1: 'ann' },
    },
    {
      name: 'of the spec alone is of nobody who wrote the status',
      change: { isOfMetadata: false },
      writes: [write('eve', 9, STATUS)],
      expected: {},
    },
    {
      name: 'is of nobody who wrote the status when it had been seen',
      writes: [write('eve', 30, STATUS)],
      expected: {},
    },
    {
      name: 'is of who wrote it before whose request may have failed',
      writes: [write('ann', 5), write('eve', 9, FAILED)],
      expected: { 1: 'ann' },
    },
    {
      name: 'is uncertain where the object notes another manager for it',
      change: { manager: 'Python-urllib', written: at(9) },
      writes: [write('ann', 9, { manager: 'kubectl-label' })],
      expected: { 1: 'ann?' },
    },
    {
      name: 'is uncertain where the object notes a later second for it',
      change: { manager: 'curl', written: at(9) },
      writes: [write('ann', 7, { manager: 'curl' })],
      expected: { 1: 'ann?' },
    },
    {
      name: 'is of whose request may have failed where nobody else wrote, and uncertain',
      writes: [write('eve', 9, FAILED)],
      expected: { 1: 'eve?' },
    },
    {
      name: 'is surely of whose request may have failed where the object notes it',
      change: { manager: 'curl', written: at(9) },
      writes: [write('eve', 9, { ...FAILED, manager: 'curl' })],
      expected: { 1: 'eve' },
    },
    {
      name: 'of the spec alone is of whose request may have failed',
      change: { isOfMetadata: false },
      writes: [write('eve', 9, FAILED)],
      expected: { 1: 'eve?' },
    },
    {
      name: 'that created something is of whose patch may have failed, which may have created it',
      change: MADE,
      writes: [write('eve', 7.1, FAILED)],
      expected: { 1: 'eve?' },
    },
    {
      name: 'that created something is of who did before whose patch may have failed',
      change: MADE,
      writes: [write('ann', 7, { effect: 'created' }), write('eve', 7.1, FAILED)],
      expected: { 1: 'ann' },
    },
    {
      name: 'that ended something is of who did before whose deletion may have failed',
      change: DELETED,
      writes: [write('ann', 7, DELETED), write('eve', 9, { ...DELETED, ...FAILED })],
      expected: { 1: 'ann' },
    },
    {
      name: 'that created something is of who created something unnamed in that second, however late it is seen',
      change: { ...MADE, at: at(900) },
      writes: [write('eve', 7.1, UNNAMED), write('eve', 7.4, UNNAMED), write('bob', 8.1, UNNAMED)],
      expected: { 1: 'eve' },
    },
    {
      name: 'that created something is of who created it by its name before who created something unnamed',
      change: MADE,
      writes: [write('eve', 7.1, UNNAMED), write('ann', 7.2, { effect: 'created' })],
      expected: { 1: 'ann' },
    },
  ])('$name', ({ change: more, writes, expected }) => {
    expect(told([change(1, 10, { since: at(0), ...more })], writes)).toEqual(expected);
  });

  describe('after one that several requests at once made', () => {
    const noted = { manager: 'kubectl-label', written: at(1) } as const;
    const made = change(1, 2, { effect: 'created', created: at(1), since: undefined, ...noted });
    const many = [
      write('ben', 1, { effect: 'created', manager: 'kubectl-create' }),
      write('ben', 1.2, { manager: 'kubectl-annotate' }),
      write('ben', 1.4, { manager: 'kubectl-label' }),
    ];
    const byStatus = write('eve', 15, STATUS);

    it.each<{
      name: string;
      more?: Partial<SeenChange>;
      writes: readonly AuditWrite[];
      expected: Record<number, string>;
    }>([
      {
        name: 'is of who wrote the status, where the object notes the same manager',
        more: noted,
        writes: [byStatus],
        expected: { 1: 'ben', 2: 'eve' },
      },
      {
        name: 'is of who wrote the status, where what was noted is gone',
        more: { manager: 'kubectl-create', written: at(1) },
        writes: [byStatus],
        expected: { 1: 'ben', 2: 'eve' },
      },
      {
        name: 'is of the nearest, and uncertain, where who wrote the status did so at once',
        more: { ...noted, at: at(5) },
        writes: [write('eve', 4.5, STATUS)],
        expected: { 1: 'ben', 2: 'eve?, ben' },
      },
      {
        name: 'is of who wrote the status or of an earlier request, uncertain, where the object notes nothing',
        more: { at: at(9) },
        writes: [write('eve', 8, STATUS)],
        expected: { 1: 'ben', 2: 'eve?, ben' },
      },
      {
        name: 'is of whose later request may have failed',
        more: noted,
        writes: [write('eve', 14, FAILED)],
        expected: { 1: 'ben', 2: 'eve?' },
      },
      {
        name: 'is of who wrote the object later, beside whose request may have failed',
        more: noted,
        writes: [write('ann', 13), write('eve', 14, FAILED)],
        expected: { 1: 'ben', 2: 'ann, eve' },
      },
      {
        name: 'is of nobody where no later request is known',
        more: noted,
        writes: [],
        expected: { 1: 'ben' },
      },
      {
        name: 'is of who wrote the status or of who wrote the object later, uncertain, where it only took something away',
        more: noted,
        writes: [write('ann', 14), byStatus],
        expected: { 1: 'ben', 2: 'eve?, ann' },
      },
      {
        name: 'is of who wrote the status where it added something, whoever wrote the object without effect',
        more: { ...noted, isRemoval: false },
        writes: [write('ann', 14, { manager: 'kubectl-edit' }), byStatus],
        expected: { 1: 'ben', 2: 'eve, ann' },
      },
      {
        name: 'is of nobody where it added something and who wrote the object left no note of it',
        more: { ...noted, isRemoval: false },
        writes: [write('ann', 14, { manager: 'kubectl-edit' })],
        expected: { 1: 'ben' },
      },
      {
        name: 'is of who scaled it, of which no moment is noted',
        more: { ...noted, isRemoval: false },
        writes: [write('ann', 14)],
        expected: { 1: 'ben', 2: 'ann' },
      },
      {
        name: 'is of who wrote the object where it only took something away',
        more: noted,
        writes: [write('ann', 14)],
        expected: { 1: 'ben', 2: 'ann' },
      },
      {
        name: 'is of whom the object notes, whatever the clock of the hub says',
        more: { manager: 'helm', written: at(-40) },
        writes: [write('ann', -39.7, { manager: 'helm' }), byStatus],
        expected: { 1: 'ben', 2: 'ann, eve' },
      },
    ])('$name', ({ more, writes, expected }) => {
      const by = attribute([made, change(2, 16, { since: at(2), ...more })], [...many, ...writes]);
      const named = by.map(({ change: id, write: { actor }, isUncertain, others }) => [
        id,
        [`${actor.user}${isUncertain ? '?' : ''}`, ...others.map(({ user }) => user)].join(', '),
      ]);

      expect(Object.fromEntries(named)).toEqual(expected);
    });

    it('is of the second of two requests that the object notes alike', () => {
      const second = change(2, 2.2, { since: at(1.5), ...noted });
      const first = change(1, 1.5, { since: at(0), ...noted });
      const writes = [
        write('ben', 1.3, { manager: 'kubectl-label' }),
        write('ben', 1.9, { manager: 'kubectl-label' }),
      ];

      expect(told([first, second], writes)).toEqual({ 1: 'ben', 2: 'ben' });
    });

    it('is of no request of which the version before tells that it came earlier', () => {
      const [first, second] = [change(1, 10, { resourceVersion: '42' }), change(2, 20, { since: at(10) })];
      const writes = [
        write('ben', 9.5, { after: '42' }),
        write('ben', 9.2, { after: '41' }),
        write('eve', 19, STATUS),
      ];

      expect(told([first, second], writes)).toEqual({ 1: 'ben', 2: 'eve' });
    });
  });

  it('that created something is of one of several who created something unnamed in that second', () => {
    const writes = [write('bob', 7.2, UNNAMED), write('eve', 7.1, UNNAMED), write('eve', 7.3, UNNAMED)];
    const [by] = attribute([change(1, 10, { since: at(0), ...MADE })], writes);

    expect(by).toMatchObject({ isOfOne: true, isUncertain: true });
    expect(by?.others.map(({ user }) => user).toSorted()).toEqual(['bob', 'eve']);
  });

  it.each<{
    name: string;
    changes: readonly SeenChange[];
    writes: readonly AuditWrite[];
    expected: Record<number, string>;
  }>([
    {
      name: 'names who wrote the status beside who wrote the object, before or after',
      changes: [change(1, 10, { since: at(0) })],
      writes: [write('ann', 5), write('bob', 3, STATUS), write('eve', 9, STATUS)],
      expected: { 1: 'ann, eve, bob' },
    },
    {
      name: 'does not name who wrote the status after it, which is a change of its own',
      changes: [change(1, 10, { since: at(0) }), change(2, 15, { since: at(10) })],
      writes: [write('ann', 9), write('eve', 14, STATUS)],
      expected: { 1: 'ann', 2: 'eve' },
    },
    {
      name: 'of the spec alone names nobody who wrote the status',
      changes: [change(1, 10, { since: at(0), isOfMetadata: false })],
      writes: [write('ann', 5), write('eve', 9, STATUS)],
      expected: { 1: 'ann' },
    },
    {
      name: 'of which only the last of several requests was seen names all, the last first',
      changes: [change(1, 10, { since: at(0) })],
      writes: [write('ann', 7), write('bob', 8), write('eve', 9), write('bob', 6)],
      expected: { 1: 'eve, bob, ann' },
    },
    {
      name: 'does not name those of the change before',
      changes: [change(1, 10), change(2, 20, { since: at(10) })],
      writes: [write('ann', 9), write('bob', 15), write('eve', 19)],
      expected: { 1: 'ann', 2: 'eve, bob' },
    },
    {
      name: 'does not name who wrote after the version that was seen',
      changes: [change(1, 10, { resourceVersion: '42' })],
      writes: [write('ann', 8), write('bob', 9, { after: '42' }), write('eve', 9.5, { after: '43' })],
      expected: { 1: 'bob, ann' },
    },
    {
      name: 'does not name whose request came before, or changed nothing',
      changes: [
        change(1, 10, { resourceVersion: '42' }),
        change(2, 20, { since: at(10), resourceVersion: '44' }),
      ],
      writes: [
        write('ann', 9, { after: '42' }),
        write('bob', 15, { after: '42' }),
        write('eve', 19, { after: '44' }),
      ],
      expected: { 1: 'ann', 2: 'eve' },
    },
    {
      name: 'that made the object names who changed it before it was first seen',
      changes: [change(1, 10, { effect: 'created', since: undefined })],
      writes: [write('ann', 8, { effect: 'created' }), write('bob', 9), write('eve', 7)],
      expected: { 1: 'ann, bob' },
    },
    {
      name: 'that deleted the object names nobody who had changed it',
      changes: [change(1, 10, DELETED)],
      writes: [write('ann', 9, DELETED), write('bob', 8)],
      expected: { 1: 'ann' },
    },
    {
      name: 'does not name who wrote to another object of that name',
      changes: [change(1, 10)],
      writes: [write('ann', 9), write('bob', 8, { uid: 'u-0' })],
      expected: { 1: 'ann' },
    },
  ])('$name', ({ changes, writes, expected }) => {
    const by = attribute(changes, writes).map(({ change: id, write: { actor }, others }) => [
      id,
      [actor, ...others].map(({ user }) => user).join(', '),
    ]);

    expect(Object.fromEntries(by)).toEqual(expected);
  });

  it('is told the same whatever the order in which changes and requests came', () => {
    const effect = fc.constantFrom('created', 'changed', 'deleted' as const);
    const version = fc.option(fc.constantFrom('1', '2', '3', 'x'), { nil: undefined });
    const second = fc.integer({ min: 0, max: 40 });
    const changes = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), second, effect, version), {
      selector: ([id]) => id,
      maxLength: 6,
    });
    const writes = fc.uniqueArray(
      fc.tuple(fc.constantFrom('ann', 'bob', 'system:node:n1'), second, effect, version, fc.boolean()),
      { selector: ([user, seconds]) => `${user}-${seconds}`, maxLength: 8 },
    );
    fc.assert(
      fc.property(changes, writes, fc.integer(), (some, others, seed) => {
        const seen = some.map(([id, seconds, what, resourceVersion]) =>
          change(id, seconds, { effect: what, resourceVersion }),
        );
        const asked = others.map(([user, seconds, what, after, isMany]) =>
          write(user, seconds, { effect: what, after, ...(isMany && { name: '' }) }),
        );
        expect(told(shuffled(seen, seed), shuffled(asked, seed))).toEqual(told(seen, asked));
      }),
    );
  });
});

function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, key: Math.imul(seed ^ (index + 1), 0x9e3779b1) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
