import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Flushes } from './flushes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Work that goes on until it is told to end. */
class Work {
  readonly ends: { readonly well: () => void; readonly badly: (error: Error) => void }[] = [];

  run(): Promise<void> {
    return new Promise((well, badly) => this.ends.push({ well, badly }));
  }
}

it('does the work once for all who ask within the time, and again for who asks later', async () => {
  const work = new Work();
  const flushes = new Flushes(() => work.run(), 400);

  flushes.ask();
  await vi.advanceTimersByTimeAsync(399);
  flushes.ask();
  expect(work.ends).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(work.ends).toHaveLength(1);

  flushes.ask();
  await vi.advanceTimersByTimeAsync(1000);
  expect(work.ends).toHaveLength(1);
  work.ends[0]?.well();
  await vi.advanceTimersByTimeAsync(0);
  expect(work.ends).toHaveLength(2);
});

it('does not do what was done meanwhile', async () => {
  const work = new Work();
  const flushes = new Flushes(() => work.run(), 400);

  flushes.ask();
  flushes.skip();
  await vi.advanceTimersByTimeAsync(1000);

  expect(work.ends).toEqual([]);
});

it('tells everybody who asks after one that went wrong', async () => {
  const work = new Work();
  const flushes = new Flushes(() => work.run(), 400);
  flushes.ask();
  await vi.advanceTimersByTimeAsync(400);

  work.ends[0]?.badly(new Error('the disk is full'));
  await flushes.over();

  expect(() => flushes.ask()).toThrow('the disk is full');
  expect(() => flushes.ask()).toThrow('the disk is full');
});

it('stops when the one that has begun is over, and begins no other', async () => {
  const work = new Work();
  const flushes = new Flushes(() => work.run(), 400);
  flushes.ask();
  await vi.advanceTimersByTimeAsync(400);
  flushes.ask();

  let hasStopped = false;
  const stopped = flushes.stop().then(() => {
    hasStopped = true;
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect([flushes.isStopped, hasStopped]).toEqual([true, false]);
  work.ends[0]?.well();
  await stopped;

  flushes.ask();
  await vi.advanceTimersByTimeAsync(1000);
  expect(work.ends).toHaveLength(1);
});
