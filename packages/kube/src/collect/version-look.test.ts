import { describe, expect, it } from 'vitest';
import { VersionLook } from './version-look.ts';

function looking(known: string | undefined, heard: readonly string[]): readonly string[] {
  const told: string[] = [];
  const look = new VersionLook(known, (version) => told.push(version));
  for (const version of heard) look.heard(version);
  return told;
}

const [OLD, NEW, NEWER] = ['v1.33.1', 'v1.35.0', 'v1.36.0'];

describe('another version of the API server', () => {
  it.each([
    { what: 'is told once, when it is sure', known: OLD, heard: [OLD, NEW, NEW, NEW, NEW, NEW], told: [NEW] },
    { what: 'is not told before', known: OLD, heard: [NEW, NEW], told: [] },
    {
      what: 'is not told while servers of both versions answer',
      known: OLD,
      heard: [NEW, NEW, OLD, NEW, NEW, OLD],
      told: [],
    },
    {
      what: 'is not told while it goes on',
      known: OLD,
      heard: [NEW, NEW, NEWER, NEWER, NEWER],
      told: [NEWER],
    },
    {
      what: 'is told again when it goes back',
      known: OLD,
      heard: [NEW, NEW, NEW, OLD, OLD, OLD],
      told: [NEW, OLD],
    },
    { what: 'is none where nothing was known', known: undefined, heard: [NEW, NEW, NEW, NEW], told: [] },
    { what: 'is told where none could be read before', known: '', heard: [NEW, NEW, NEW], told: [NEW] },
    { what: 'is none where none can be read', known: OLD, heard: ['', '', '', ''], told: [] },
  ])('$what', ({ known, heard, told }) => {
    expect(looking(known, heard)).toEqual(told);
  });

  it('is looked for at every sixth look, after an outage, and until it is sure', () => {
    const look = new VersionLook(OLD, () => undefined);
    const due = (count: number): readonly boolean[] => Array.from({ length: count }, () => look.isDue());

    expect(due(7)).toEqual([true, false, false, false, false, false, true]);
    look.away();
    expect(due(2)).toEqual([true, false]);
    look.heard(NEW);
    expect(due(2)).toEqual([true, true]);
    look.heard(OLD);
    expect(due(2)).toEqual([false, false]);
  });
});
