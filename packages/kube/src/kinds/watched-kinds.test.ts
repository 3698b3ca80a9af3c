import { groupKindOf } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { UNWATCHED_KINDS } from './unwatched.ts';
import { groupKindOfWatched } from './watched-kind.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

describe('the kinds that are watched', () => {
  it('are named once each', () => {
    const names = WATCHED_KINDS.map(groupKindOfWatched);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('each say why, as a sentence', () => {
    expect(WATCHED_KINDS.filter(({ why }) => !/^[A-Z].*\.$/.test(why))).toEqual([]);
  });

  it.each(WATCHED_KINDS.map((kind) => [groupKindOfWatched(kind), kind] as const))(
    '%s has a name in paths',
    (_name, kind) => {
      expect(kind.resource).toMatch(/^[a-z0-9]+s$/);
      expect(kind.resource.slice(0, 3)).toBe(kind.kind.toLowerCase().slice(0, 3));
    },
  );

  it('are not among those that are not', () => {
    expect(
      WATCHED_KINDS.map(({ group, kind }) => groupKindOf(group, kind)).filter(
        (each) => each in UNWATCHED_KINDS,
      ),
    ).toEqual([]);
  });
});
