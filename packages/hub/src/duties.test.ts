import type { LeaseState } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { announcement, checkOf, type DutyState } from './duties.ts';

const UNKNOWN: LeaseState = { kind: 'unknown' };
const REFUSED: LeaseState = { kind: 'unknown', reason: 'A pooler is there.' };
const HELD: LeaseState = { kind: 'held', session: 1 };
const TAKEN: LeaseState = { kind: 'taken', holder: 'b 7', isOwn: false };
const OWN: LeaseState = { kind: 'taken', holder: 'a 1', isOwn: true };
const YIELDED: DutyState = { kind: 'yielded', to: 'admin' };

describe('a duty', () => {
  it.each<{ readonly name: string; before: DutyState; state: DutyState; said: string | undefined }>([
    { name: 'of the first hub', before: UNKNOWN, state: HELD, said: undefined },
    {
      name: 'of another hub',
      before: UNKNOWN,
      state: TAKEN,
      said: 'done by another hub (b, process 7); this one stands by.',
    },
    {
      name: 'of another context of this hub',
      before: UNKNOWN,
      state: OWN,
      said: 'done for another context of this hub, which is the same cluster; this one stands by.',
    },
    {
      name: 'of a context that is named earlier',
      before: HELD,
      state: YIELDED,
      said: 'done for admin of this hub, which is the same cluster and named earlier; this one stands by.',
    },
    { name: 'still of a context that is named earlier', before: YIELDED, state: YIELDED, said: undefined },
    { name: 'taken over from another context', before: YIELDED, state: HELD, said: 'done by this hub.' },
    { name: 'still of another context', before: OWN, state: OWN, said: undefined },
    { name: 'still of another hub', before: TAKEN, state: TAKEN, said: undefined },
    { name: 'taken over', before: TAKEN, state: HELD, said: 'done by this hub.' },
    { name: 'that nobody can have', before: HELD, state: REFUSED, said: 'not yet: A pooler is there.' },
    { name: 'that still nobody can have', before: REFUSED, state: REFUSED, said: undefined },
    { name: 'that can be had again', before: REFUSED, state: HELD, said: 'done by this hub.' },
  ])('$name is said when that is new', ({ before, state, said }) => {
    expect(announcement({ cluster: 'prod', state }, before)).toBe(said && `Watching prod: ${said}`);
  });

  it('that nobody can have is no good health, and says why', () => {
    expect(checkOf({ state: REFUSED })).toEqual({
      name: 'messages and upkeep',
      status: 'degraded',
      detail: 'not yet: A pooler is there.',
    });
  });
});
