import { describe, expect, it } from 'vitest';
import { SeenObjects } from './seen-objects.ts';

describe('SeenObjects', () => {
  it('tells a new object and a changed one from one that is as it was', () => {
    const seen = new SeenObjects();

    expect(
      [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }].map((object) => seen.note('Pod|shop|api', object)),
    ).toEqual([true, false, true, true]);
  });

  it('takes an object that was removed as new', () => {
    const seen = new SeenObjects();
    seen.note('Pod|shop|api', { a: 1 });
    seen.forget('Pod|shop|api');

    expect(seen.note('Pod|shop|api', { a: 1 })).toBe(true);
  });
});
