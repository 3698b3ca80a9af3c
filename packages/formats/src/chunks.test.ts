import { describe, expect, it } from 'vitest';
import { inChunks } from './chunks.ts';

describe('inChunks', () => {
  it('keeps the text and makes few chunks of it, none of them long', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_item, index) => `line ${index} ${'x'.repeat(index % 90)}\n`,
    );

    const chunks = [...inChunks(lines)];

    expect(chunks.join('')).toBe(lines.join(''));
    expect(chunks.length).toBeLessThan(12);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(66_000);
  });

  it('asks for no line before a chunk is asked for', () => {
    let asked = 0;
    const lines = (function* () {
      for (;;) {
        asked++;
        yield 'x'.repeat(1000);
      }
    })();

    const chunks = inChunks(lines);
    const before = asked;
    chunks.next();

    expect(before).toBe(0);
    expect(asked).toBe(66);
  });

  it('gives nothing for nothing', () => {
    expect([...inChunks([])]).toEqual([]);
  });
});
