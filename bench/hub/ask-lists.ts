import type { Store } from '@bulwark/store';
import type { RunningHub } from '../../e2e/hub/running-hub.testing.ts';
import { figure, note, percentile } from '../measure.ts';
import { askAnew } from './ask.ts';
import { type RequestGroup, requestGroups } from './requests.ts';
import { EXTENT } from './size.ts';
import { besideHub } from './sizes-of-tables.ts';
import { processorOf } from './usage.ts';

const MOST_MS = { list: 100, 'as of': 300, completion: 50 };
/** How many requests of each group are named. */
const SLOWEST = 3;
const FORTNIGHT_MS = 14 * 86_400_000;

/** What the answers to one request took. */
interface Answered {
  readonly address: string;
  /** Milliseconds, each after something had changed, so that no answer was kept. */
  readonly first: readonly number[];
  /** Seconds of processor of one of these. */
  readonly firstCpu: number;
  /** Milliseconds, with nothing changed since the answer before. */
  readonly again: readonly number[];
  readonly againCpu: number;
}

/** Asks for every list, and prints how long the answers take: those that repeat, and beside them those of which nothing is kept. */
export async function askLists(hub: RunningHub): Promise<void> {
  const store = await besideHub(hub);
  try {
    for (const group of await requestGroups(hub, new Date(Date.now() - FORTNIGHT_MS))) {
      const answers: Answered[] = [];
      for (const address of group.addresses) answers.push(await askOne(hub, store, address));
      tell(group, answers);
    }
  } finally {
    await store.close();
  }
}

async function askOne(hub: RunningHub, { pool }: Store, address: string): Promise<Answered> {
  // The very first fills caches of the database that a list in use has filled.
  await timeOf(hub, address);
  const cpu = (): number => processorOf({ root: hub.pid }).total;
  const first: number[] = [];
  const before = cpu();
  for (let round = 0; round < EXTENT.firstRounds; round++) {
    // As if everything had changed: whatever a hub remembers holds no longer.
    await pool.query('update topic_state set state = gen_random_uuid()');
    first.push(await timeOf(hub, address));
  }
  const between = cpu();
  const again: number[] = [];
  for (let round = 0; round < EXTENT.rounds; round++) again.push(await timeOf(hub, address));
  return {
    address,
    first,
    firstCpu: (between - before) / EXTENT.firstRounds,
    again,
    againCpu: (cpu() - between) / EXTENT.rounds,
  };
}

async function timeOf(hub: RunningHub, address: string): Promise<number> {
  const began = performance.now();
  const answer = await askAnew(hub, address);
  await answer.text();
  if (answer.status >= 400) throw new Error(`${address} was answered with ${answer.status}`);
  return performance.now() - began;
}

function tell({ name, kind, addresses }: RequestGroup, answers: readonly Answered[]): void {
  const again = answers.flatMap((answered) => answered.again);
  const first = answers.flatMap((answered) => answered.first);
  figure(`${kind}: ${name}, p95 of ${addresses.length} requests`, percentile(again, 0.95), {
    most: MOST_MS[kind],
    unit: 'ms',
  });
  note(
    `median ${ms(percentile(again, 0.5))}, CPU ${mean(answers.map(({ againCpu }) => againCpu))} on average; after a change, when nothing is kept: p95 ${ms(percentile(first, 0.95))}, longest ${ms(Math.max(...first))}, CPU ${mean(answers.map(({ firstCpu }) => firstCpu))}; the slowest of these by CPU:`,
  );
  // The time that it takes depends on what else the machine does; what it costs does not.
  for (const { address, first: own, firstCpu } of answers
    .toSorted((a, b) => b.firstCpu - a.firstCpu)
    .slice(0, SLOWEST))
    note(`  CPU ${ms(firstCpu * 1000)}, median ${ms(percentile(own, 0.5))}: ${address}`);
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`;
}

/** The mean of seconds, in milliseconds. */
function mean(seconds: readonly number[]): string {
  return ms((seconds.reduce((sum, each) => sum + each, 0) / seconds.length) * 1000);
}
