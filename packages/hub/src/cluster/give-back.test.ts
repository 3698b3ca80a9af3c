import { describe, expect, it } from 'vitest';
import { giveBack } from './give-back.ts';

describe('giving memory back', () => {
  it('frees at once what nothing leads to any more', () => {
    const gone = new WeakRef(held());
    // A weak reference holds what it leads to until the present job ends.
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      giveBack();
      expect(gone.deref()).toBeUndefined();
    });
  });
});

function held(): object {
  return { rows: Array.from({ length: 1000 }, (_, index) => ({ index })) };
}
