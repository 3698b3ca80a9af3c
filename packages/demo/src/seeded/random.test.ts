import { describe, expect, it } from 'vitest';
import { digestOf, suffixOf, uidOf } from './names.ts';
import { SeededRandom } from './random.ts';

describe('SeededRandom', () => {
  it('gives equal streams for equal seeds, and its forks do not move it', () => {
    const [a, b] = [new SeededRandom('s'), new SeededRandom('s')];
    b.fork('part').next();

    expect(Array.from({ length: 50 }, () => a.next())).toEqual(Array.from({ length: 50 }, () => b.next()));
    expect(new SeededRandom('t').next()).not.toBe(new SeededRandom('s').next());
  });

  it('is spread evenly', () => {
    const random = new SeededRandom('even');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 100_000; index++) {
      const bucket = random.integer(0, 9);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('picks of a list, and several different ones in order', () => {
    const random = new SeededRandom('pick');
    const list = [1, 2, 3, 4, 5];

    for (let index = 0; index < 100; index++) expect(list).toContain(random.pick(list));
    const sample = random.sample(list, 3);
    expect(new Set(sample).size).toBe(3);
    expect(sample).toEqual(sample.toSorted((a, b) => a - b));
    expect(() => random.pick([])).toThrow('nothing to pick from');
  });
});

describe('names', () => {
  it('have the forms that Kubernetes gives them', () => {
    expect(uidOf('Pod', 'a')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(suffixOf(5, 'a')).toMatch(/^[bcdfghjklmnpqrstvwxz2-9]{5}$/);
    expect(digestOf('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(uidOf('Pod', 'a')).not.toBe(uidOf('Pod', 'b'));
  });
});
