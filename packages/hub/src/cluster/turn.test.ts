import { expect, it } from 'vitest';
import type { Claim } from './precedence.ts';
import { Turn } from './turn.ts';

const CLAIM = { name: 'reader', cluster: 7 };

/** A turn that is taken, and what became of it. */
function taken() {
  const log: string[] = [];
  const stopping = new AbortController();
  let away: (isAway: boolean) => void = () => undefined;
  const turn = new Turn((claim: Claim | undefined) =>
    log.push(claim === undefined ? 'given back' : claim.isAway === true ? 'claimed, and away' : 'claimed'),
  );
  const done = turn.take(
    CLAIM,
    { signal: stopping.signal, onWait: (first) => log.push(`waits for ${first}`) },
    async (signal, onAway) => {
      away = onAway;
      log.push('begins');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      log.push('ends');
    },
  );
  return { log, stopping, turn, done, away: (isAway: boolean) => away(isAway) };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('begins when it is told that nobody goes first, and says whom it waits for', async () => {
  const { log, turn, stopping, done } = taken();
  turn.told('admin');
  await soon();
  expect(log).toEqual(['claimed', 'waits for admin']);

  turn.told(undefined);
  await soon();
  expect(log.splice(0)).toEqual(['claimed', 'waits for admin', 'begins']);

  stopping.abort();
  await done;
  expect(log).toEqual(['ends', 'given back']);
});

it('ends when another one goes first, and is given back only then', async () => {
  const { log, turn, done } = taken();
  turn.told(undefined);
  await soon();

  turn.told('admin');
  await done;
  expect(log).toEqual(['claimed', 'begins', 'ends', 'given back']);
});

it('does not begin where everything stops', async () => {
  const { log, stopping, done } = taken();
  stopping.abort();
  await done;
  expect(log).toEqual(['claimed', 'given back']);
});

it('says that nothing is seen any more, and goes on as long as no other one goes first', async () => {
  const { log, turn, done, away } = taken();
  turn.told(undefined);
  await soon();

  away(true);
  turn.told(undefined);
  await soon();
  away(false);
  expect(log.splice(0)).toEqual(['claimed', 'begins', 'claimed, and away', 'claimed']);

  away(true);
  turn.told('reader');
  away(false);
  await done;
  expect(log).toEqual(['claimed, and away', 'ends', 'given back']);
});
