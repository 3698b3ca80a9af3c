import { channel as channelSchema } from '@bulwark/api';
import { deleteChannel, deleteRoute, listRoutes } from '@bulwark/store';
import type { FastifyReply } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asking } from '../handlers/callers.testing.ts';
import { notificationHandlers } from '../handlers/notifications.ts';
import { operationHandlers } from '../handlers/operations.ts';
import { EventLog } from '../live/event-log.ts';
import type { Dispatcher } from './dispatcher.ts';
import { eventually, finding, NOW, TestSender } from './sender.testing.ts';

const NOTHING = { params: undefined, query: undefined, body: undefined };

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

function handlers() {
  return notificationHandlers({
    sealer: sender.sealer,
    store: sender.store,
    origin: () => 'https://bulwark.example.com',
    stopping: new AbortController().signal,
  });
}

function operations() {
  return operationHandlers({
    store: sender.store,
    log: new EventLog(() => NOW),
    callerOf: async () => undefined,
    checks: () => [],
    duties: () => [],
    jobs: () => [],
  });
}

/** What the list of channels, health and the metrics say of channels. */
async function said() {
  const { items } = await handlers().listChannels(NOTHING, asking(NOW));
  const { status, checks } = await operations().health(NOTHING, asking(NOW));
  let text = '';
  const reply = { type: () => ({ send: (sent: string) => (text = sent) }) } as unknown as FastifyReply;
  await operations().metrics(NOTHING, { ...asking(NOW), reply });
  return {
    failing: items.map(({ failing }) => failing),
    status,
    checks: checks.filter(({ name }) => name.startsWith('channel ')),
    figures: text.split('\n').filter((line) => line.startsWith('bulwark_channel_')),
  };
}

function figures(waiting: number, givenUp: number): readonly string[] {
  const name = 'bulwark_channel_failed_messages';
  return [
    `${name}{channel="hook",state="waiting"} ${waiting}`,
    `${name}{channel="hook",state="given-up"} ${givenUp}`,
  ];
}

const FINE = {
  failing: [null],
  status: 'ok',
  checks: [{ name: 'channel hook', status: 'ok', detail: 'no message is to be tried again.' }],
  figures: figures(0, 0),
};

async function attempted(dispatcher: Dispatcher, most: number): Promise<void> {
  await eventually('it is tried', async () => {
    dispatcher.wake();
    const [delivery] = await sender.deliveries();
    return (delivery?.attempts ?? 0) >= most && delivery?.state !== 'sending';
  });
}

async function givenUp(dispatcher: Dispatcher): Promise<void> {
  await attempted(dispatcher, 1);
  await eventually('it is given up', () => {
    sender.pass(400);
    dispatcher.wake();
    return sender.isQuiet();
  });
}

function refuse(text: string): void {
  sender.receiver.answer = (response, path) => response.writeHead(500).end(`${text} ${path}`);
}

describe('a channel whose receiver fails', () => {
  it('is said to fail, with since when, how much and what it answered, until it gets what failed', async () => {
    await sender.route(await sender.webhook());
    expect(await said()).toEqual(FINE);
    refuse('no');
    await sender.batch([finding('1')]);
    const dispatcher = sender.start();
    await attempted(dispatcher, 1);
    const first = await said();

    const failing = { since: NOW.toISOString(), waiting: 1, givenUp: 0, answer: '500 no [secret]' };
    expect(first).toEqual({
      failing: [failing],
      status: 'degraded',
      checks: [
        {
          name: 'channel hook',
          status: 'degraded',
          detail: `failing since ${failing.since}: 1 to be tried again. Last answer: 500 no [secret]`,
        },
      ],
      figures: figures(1, 0),
    });
    const [item] = (await handlers().listChannels(NOTHING, asking(NOW))).items;
    expect(channelSchema.parse(item)).toEqual(item);

    sender.pass(5);
    refuse('still no');
    await attempted(dispatcher, 2);
    expect((await said()).failing).toEqual([{ ...failing, answer: '500 still no [secret]' }]);

    sender.receiver.answer = (response) => response.end('ok');
    sender.pass(5);
    await eventually('it comes', () => {
      dispatcher.wake();
      return sender.isQuiet();
    });
    expect(await said()).toEqual(FINE);
  });

  it('is said to fail while it is tried again, too', async () => {
    await sender.route(await sender.webhook());
    refuse('no');
    await sender.batch([finding('1')]);
    const dispatcher = sender.start();
    await attempted(dispatcher, 1);
    sender.receiver.answer = () => undefined;
    sender.pass(5);
    await eventually('it hangs', () => {
      dispatcher.wake();
      return sender.receiver.got.length === 2;
    });

    expect((await sender.deliveries())[0]?.state).toBe('sending');
    expect(await said()).toMatchObject({ failing: [{ waiting: 1 }], status: 'degraded' });
  });

  it('is said to fail as long as nothing came after what was given up, be it a test', async () => {
    const id = await sender.webhook();
    await sender.route(id);
    refuse('no');
    await sender.batch([finding('1')]);
    await givenUp(sender.start());
    const failing = { since: NOW.toISOString(), waiting: 0, givenUp: 1, answer: '500 no [secret]' };
    const heard = await said();
    expect(heard).toMatchObject({ failing: [failing], status: 'degraded', figures: figures(0, 1) });
    expect(heard.checks[0]?.detail).toContain('1 given up since the last one that came');

    const test = () => {
      sender.pass(1);
      return handlers().testChannel({ ...NOTHING, params: { id } }, asking(sender.now));
    };
    await test();
    expect((await said()).failing).toEqual([failing]);
    sender.receiver.answer = (response) => response.end('ok');
    await test();
    expect(await said()).toEqual(FINE);
  });

  it('is left alone where no route leads to it any more, and where it is removed', async () => {
    const id = await sender.webhook();
    await sender.route(id);
    refuse('no');
    await sender.batch([finding('1')]);
    await givenUp(sender.start());
    expect(await said()).toMatchObject({ status: 'degraded' });

    for (const route of await listRoutes(sender.store)) await deleteRoute(sender.store, route.id);
    expect(await said()).toEqual(FINE);
    await deleteChannel(sender.store, id);
    expect(await said()).toEqual({ failing: [], status: 'ok', checks: [], figures: [] });
  });
});
