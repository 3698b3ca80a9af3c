import { hash128 } from '@bulwark/core';
import { openStore } from '@bulwark/store';
import { databaseOf } from '@bulwark/store/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from './receivers.testing.ts';
import { eventually, finding, NOW, TestSender } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

describe('a message', () => {
  it('comes to a receiver that fails, hangs up and comes back, over restarts, as the same one', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    const answers: readonly Receiver['answer'][] = [
      (response) => response.destroy(),
      (response) => response.writeHead(503).end(),
    ];
    for (const [index, answer] of answers.entries()) {
      sender.receiver.answer = answer;
      const dispatcher = sender.start();
      await eventually(`attempt ${index + 1} is written`, async () => {
        const [delivery] = await sender.deliveries();
        return delivery?.attempts === index + 1 && delivery.state === 'waiting';
      });
      await dispatcher.stop();
      sender.pass(1);
    }
    sender.receiver.answer = (response) => response.end('thanks');
    sender.start();
    await eventually('it is sent', () => sender.isQuiet());

    expect(new Set(sender.receiver.got.map(({ id }) => id)).size).toBe(1);
    expect(sender.receiver.got.length).toBe(3);
    expect(await sender.deliveries()).toMatchObject([
      { state: 'sent', attempts: 3, answer: '200 thanks', gathered: 0 },
    ]);
  });

  it('waits for its receiver alone: those that hang hold up no other', async () => {
    const hanging = await startReceiver();
    hanging.answer = () => undefined;
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      await sender.route(await sender.webhook(name, hanging.url));
    await sender.route(await sender.webhook('works'));
    await sender.batch([finding('1'), finding('2', { control: 'other' })]);
    sender.start();
    await eventually('the other has both', () => sender.receiver.got.length === 2);

    const sending = (await sender.deliveries()).filter(({ state }) => state === 'sending');
    expect(sending.filter(({ channelName }) => channelName !== 'works')).toHaveLength(6);
    expect(hanging.got.length).toBe(6);
    hanging.close();
  });

  it.each([302, 400, 401, 403, 404, 410, 500])(
    'that is answered with %i comes once its receiver takes it, and is given up after two days',
    async (status) => {
      await sender.route(await sender.webhook());
      sender.receiver.answer = (response) => response.writeHead(status).end('no');
      await sender.batch([finding('1')]);
      const dispatcher = sender.start();
      await eventually('it is refused', async () => (await sender.deliveries())[0]?.state === 'waiting');
      sender.receiver.answer = (response) => response.end('ok');
      await eventually('it comes', () => {
        sender.pass(1);
        dispatcher.wake();
        return sender.isQuiet();
      });
      sender.receiver.answer = (response) => response.writeHead(status).end('no');
      await sender.batch([finding('2')]);
      await eventually('another one is given up', async () => {
        sender.pass(60);
        return sender.isQuiet();
      });

      expect(
        (await sender.deliveries()).map(({ state, attempts, answer }) => [state, attempts, answer]),
      ).toEqual([
        ['failed', 20, `${status} no`],
        ['sent', 2, '200 ok'],
      ]);
    },
  );

  it('is tried ever more rarely also where its receiver asks for a second each time', async () => {
    await sender.route(await sender.webhook());
    sender.receiver.answer = (response) => response.writeHead(429, { 'retry-after': '1' }).end();
    await sender.batch([finding('1')]);
    const dispatcher = sender.start();
    const waits: number[] = [];
    for (let attempts = 1; attempts <= 6; attempts++) {
      await eventually('it is refused again', async () => {
        const [delivery] = await sender.deliveries();
        return delivery?.state === 'waiting' && delivery.attempts === attempts;
      });
      const { rows } = await sender.store.pool.query<{ due: Date }>('select due from delivery');
      waits.push(((rows[0]?.due.getTime() ?? 0) - sender.now.getTime()) / 1000);
      sender.pass(10);
      dispatcher.wake();
    }

    // Half of what it may be, as chance has it: see `waitAfter`.
    expect(waits).toEqual([7.5, 15, 30, 60, 120, 240]);
  });

  it.each([
    { what: 'that never came, nobody is told', answer: { status: 404 }, told: [] },
    {
      what: 'that may have come, is told',
      answer: 'hangs up' as const,
      told: ['privileged-container: 1 resolved'],
    },
  ])('that something ended of which a message was given up $what', async ({ answer, told }) => {
    await sender.route(await sender.webhook());
    sender.receiver.answer = (response) =>
      answer === 'hangs up' ? response.destroy() : response.writeHead(answer.status).end();
    await sender.batch([finding('1')]);
    sender.start();
    await eventually('it is given up', async () => {
      sender.pass(60);
      return sender.isQuiet();
    });
    const before = sender.receiver.got.length;
    sender.receiver.answer = (response) => response.end('ok');
    await sender.batch([finding('2', { control: 'other' })], { resolved: [hash128('1')] });
    await eventually('all is sent', () => {
      sender.pass(1);
      return sender.isQuiet();
    });

    expect(sender.receiver.got.slice(before).map(({ title }) => title)).toEqual(
      expect.arrayContaining(['other: 1 finding opened', ...told]),
    );
    expect(sender.receiver.got.length - before).toBe(1 + told.length);
  });

  it('at which the hub fails itself is tried again, seen and given up, and says nothing secret', async () => {
    await sender.route(await sender.brokenWebhook());
    await sender.batch([finding('1')]);
    sender.start();
    await eventually('it is given up', async () => {
      sender.pass(60);
      return sender.isQuiet();
    });

    expect(await sender.deliveries()).toMatchObject([
      {
        state: 'failed',
        attempts: 20,
        answer: 'Not sent, which is a fault of the hub: SyntaxError.',
      },
    ]);
    const said = sender.hear();
    expect(said).toHaveLength(20);
    expect(said.join()).not.toContain('planted');
  });

  it('that tells the end of something waits until its receiver has got the one that told the beginning', async () => {
    await sender.route(await sender.webhook());
    sender.receiver.answer = (response) => response.writeHead(503).end();
    await sender.batch([finding('1')]);
    const dispatcher = sender.start();
    await eventually('it failed', async () => (await sender.deliveries())[0]?.state === 'waiting');
    sender.receiver.answer = (response) => response.end('ok');
    await sender.batch([finding('2', { control: 'other' })], { resolved: [hash128('1')] });
    dispatcher.wake();
    await eventually('another one is sent', () => sender.receiver.got.length > 1);
    expect(sender.receiver.got.map(({ title }) => title)).toEqual([
      'privileged-container: 1 finding opened',
      'other: 1 finding opened',
    ]);
    await eventually('all is sent', () => {
      sender.pass(1);
      dispatcher.wake();
      return sender.isQuiet();
    });

    expect(sender.receiver.got.slice(2).map(({ title }) => title)).toEqual([
      'privileged-container: 1 finding opened',
      'privileged-container: 1 resolved',
    ]);
  });

  it('is sent once where the database only reads for a while when it is answered', async () => {
    await sender.route(await sender.webhook());
    const admin = await openStore({ url: sender.url, now: NOW, connections: 1 });
    const readOnly = async (value: 'on' | 'off'): Promise<void> => {
      await admin.pool.query(
        `alter database ${databaseOf(sender.url)} set default_transaction_read_only to ${value}`,
      );
      await admin.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    };
    const answering = new Promise<void>((resolve) => {
      sender.receiver.answer = (response) =>
        void readOnly('on').then(() => {
          response.end('ok');
          resolve();
        });
    });
    await sender.batch([finding('1')]);
    const dispatcher = sender.start();
    await answering;
    await new Promise((resolve) => setTimeout(resolve, 300));
    sender.receiver.answer = (response) => response.end('ok');
    await readOnly('off');
    await admin.close();
    sender.pass(4);
    dispatcher.wake();
    await eventually('it is sent', () => sender.isQuiet());

    expect(sender.receiver.got).toHaveLength(1);
    expect(await sender.deliveries()).toMatchObject([{ state: 'sent', attempts: 1 }]);
  });

  it('is sent once where several hubs work at it and are restarted all the time', async () => {
    const channels = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => sender.webhook(name)));
    for (const channel of channels) await sender.route(channel);
    let isDone = false;
    const restarting = [1, 2, 3].map(async () => {
      while (!isDone) {
        const dispatcher = sender.start();
        await new Promise((resolve) => setTimeout(resolve, 60));
        await dispatcher.stop();
      }
    });
    try {
      for (let index = 0; index < 12; index++)
        await sender.batch([finding(`s${index}`, { control: `c${index}` })]);
      await eventually('all is sent', () => sender.isQuiet());
    } finally {
      isDone = true;
      await Promise.all(restarting);
    }

    expect(sender.receiver.got.length).toBe(5 * 12);
    expect(new Set(sender.receiver.got.map(({ id }) => id)).size).toBe(5 * 12);
  });
});
