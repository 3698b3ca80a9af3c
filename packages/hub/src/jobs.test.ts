import { describe, expect, it } from 'vitest';
import { checksOf, Job } from './jobs.ts';

const START = Date.parse('2026-11-26T10:00:00Z');
const HOUR_MS = 3_600_000;

interface Given {
  /** When it was last done before the start. */
  readonly lastDoneHoursAgo?: number;
  readonly withinHours?: number;
}

function jobWith({ lastDoneHoursAgo, withinHours }: Given) {
  const clock = { hours: 0 };
  const at = (hours: number): Date => new Date(START + hours * HOUR_MS);
  const job = new Job('backup', {
    now: () => at(clock.hours),
    next: () => at(clock.hours + 1),
    ...(lastDoneHoursAgo !== undefined && { lastDone: at(-lastDoneHoursAgo) }),
    ...(withinHours !== undefined && { withinHours }),
  });
  return { job, clock };
}

const DAILY = { withinHours: 36 };

describe('health of what has to be done in time', () => {
  it.each([
    {
      what: 'never done, for a while after a start',
      given: DAILY,
      hours: 36,
      status: 'ok',
      said: 'Not done yet.',
    },
    { what: 'never done, for longer', given: DAILY, hours: 37, status: 'degraded', said: 'Not done yet.' },
    {
      what: 'last done long before a start, for a while',
      given: { ...DAILY, lastDoneHoursAgo: 100 },
      hours: 1,
      status: 'ok',
      said: 'Last done at 2026-11-22T06:00:00.000Z.',
    },
    {
      what: 'last done long before a start, for longer',
      given: { ...DAILY, lastDoneHoursAgo: 100 },
      hours: 37,
      status: 'degraded',
      said: 'Last done at 2026-11-22T06:00:00.000Z.',
    },
  ])('is $status where it was $what', ({ given, hours, status, said }) => {
    const { job, clock } = jobWith(given);

    clock.hours = hours;

    expect(checksOf(job)).toEqual([{ name: 'backup', status, detail: said }]);
  });

  it('is ok again once it was done', async () => {
    const { job, clock } = jobWith(DAILY);
    clock.hours = 40;
    expect(checksOf(job)[0]?.status).toBe('degraded');

    await job.run(async () => undefined);

    expect(checksOf(job)).toEqual([
      { name: 'backup', status: 'ok', detail: 'Last done at 2026-11-28T02:00:00.000Z.' },
    ]);
  });

  it('says why it failed, and when it was done before', async () => {
    const { job } = jobWith({ ...DAILY, lastDoneHoursAgo: 10 });

    await job.run(() => Promise.reject(new Error('no room'))).catch(() => undefined);

    expect(checksOf(job)).toEqual([
      {
        name: 'backup',
        status: 'degraded',
        detail:
          'failed at 2026-11-26T10:00:00.000Z: no room. It is tried again at 2026-11-26T11:00:00.000Z. Last done at 2026-11-26T00:00:00.000Z.',
      },
    ]);
  });
});

describe('health of any other job', () => {
  it('says nothing as long as it does not fail', async () => {
    const { job, clock } = jobWith({});
    clock.hours = 1000;
    expect(checksOf(job)).toEqual([]);

    await job.run(() => Promise.reject(new Error('no room'))).catch(() => undefined);

    expect(checksOf(job)).toMatchObject([{ status: 'degraded' }]);
  });
});

describe('the end of a run', () => {
  const fail = (why: string) => () => Promise.reject(new Error(why));

  it.each([
    { what: 'each time of what is done once an hour', restMs: HOUR_MS, told: [1, 2, 3, 4, 5] },
    { what: 'of what is done every five seconds where it differs', restMs: 5000, told: [0, 0, 1, 1, 2] },
  ])('is told $what', async ({ restMs, told }) => {
    let times = 0;
    const now = () => new Date(START);
    const job = new Job('messages', { now, next: () => new Date(START + restMs), onEnd: () => times++ });
    const counted: number[] = [];
    const runs = [async () => undefined, async () => undefined, fail('full'), fail('full'), async () => 1];
    for (const act of runs) {
      await job.run(act).catch(() => undefined);
      counted.push(times);
    }

    expect(counted).toEqual(told);
  });

  it('is told once what became of it can be read', async () => {
    const read: unknown[] = [];
    const job: Job = new Job('backup', {
      now: () => new Date(START),
      next: () => new Date(START + HOUR_MS),
      onEnd: () => read.push([job.isRunning, job.last?.error, job.next?.getTime()]),
    });

    await job.run(fail('no room')).catch(() => undefined);

    expect(read).toEqual([[false, 'no room.', START + HOUR_MS]]);
  });
});
