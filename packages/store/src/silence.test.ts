import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Silence } from './silence.ts';

const START = new Date('2026-11-26T10:00:00Z');

beforeEach(() => {
  // What is read of the network comes between timers and immediates, as in Node.
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function listened() {
  const told: (Date | undefined)[] = [];
  return { told, silence: new Silence((since) => told.push(since), 5000) };
}

const read = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('a database', () => {
  it('is silent since it last answered, however often it is asked meanwhile', async () => {
    const { told, silence } = listened();
    vi.advanceTimersByTime(1000);
    silence.asked();
    silence.answered();
    for (let count = 0; count < 20; count++) {
      vi.advanceTimersByTime(1000);
      silence.asked();
      await read();
    }

    expect(told).toEqual([new Date(START.getTime() + 1000)]);
  });

  it('is not silent that is asked nothing, or answers a little late', async () => {
    const { told, silence } = listened();
    for (let count = 0; count < 5; count++) {
      silence.asked();
      vi.advanceTimersByTime(4000);
      silence.answered();
      vi.advanceTimersByTime(60_000);
      await read();
    }

    expect(told).toEqual([]);
  });

  it('is not silent whose answer came while this process was busy', async () => {
    const { told, silence } = listened();
    silence.asked();
    vi.advanceTimersByTime(60_000);
    silence.answered();
    await read();

    expect(told).toEqual([]);
  });

  it('answers again', async () => {
    const { told, silence } = listened();
    silence.asked();
    vi.advanceTimersByTime(60_000);
    await read();
    silence.answered();
    silence.answered();

    expect(told).toEqual([START, undefined]);
  });
});
