import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lines.ts';

describe('splitting a stream into lines', () => {
  it('gives the same lines however the bytes are cut', () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '"') }), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''));
        const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const splitter = new LineSplitter(1000);
        const chunks = [0, ...places].map((from, index) =>
          bytes.subarray(from, places[index] ?? bytes.length),
        );

        const lines = chunks.flatMap((chunk) => splitter.push(chunk)).map(String);

        expect(lines).toEqual(bytes.toString().split('\n').slice(0, -1));
      }),
    );
  });

  it('copies nothing of a line that lies in one chunk', () => {
    const chunk = Buffer.from('one\ntwo\nthr');

    const lines = new LineSplitter(100).push(chunk);

    expect(lines.map((line) => line.buffer === chunk.buffer)).toEqual([true, true]);
  });

  it('refuses a line without end', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('12345678'));

    expect(() => splitter.push(Buffer.from('9012'))).toThrow(RangeError);
  });
});
