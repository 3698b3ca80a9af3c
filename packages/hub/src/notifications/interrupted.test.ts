import type { ServerResponse } from 'node:http';
import { MOST_ATTEMPTS } from '@bulwark/notify';
import { deleteRoute, listRoutes } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finding, TestSender } from './sender.testing.ts';

const FOREVER_MS = 600_000;

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

describe('a message that is being sent when the hub stops', () => {
  it('to a receiver that hangs stays in the queue, and is sent again as the same when a hub starts', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    sender.receiver.answer = () => undefined;
    const first = sender.start({ graceMs: 0 });
    await eventually('the receiver has it', () => sender.receiver.got.length === 1);

    await first.stop();

    expect(await sender.deliveries()).toMatchObject([
      { state: 'waiting', attempts: 1, answer: 'No answer came before the hub stopped.', due: sender.now },
    ]);
    sender.receiver.answer = (response) => response.end('thanks');
    sender.start({ graceMs: 0 });
    await eventually('it is sent', () => sender.isQuiet());
    expect(sender.receiver.got.map(({ id }) => id)).toEqual(Array(2).fill(sender.receiver.got[0]?.id));
    expect(await sender.deliveries()).toMatchObject([{ state: 'sent', attempts: 2, answer: '200 thanks' }]);
  });

  it('to a receiver that answers is sent once', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    let answering: ServerResponse | undefined;
    sender.receiver.answer = (response) => {
      answering = response;
    };
    const first = sender.start({ graceMs: FOREVER_MS });
    await eventually('the receiver has it', () => answering !== undefined);

    const stopped = first.stop();
    answering?.end('thanks');
    await stopped;

    expect(await sender.deliveries()).toMatchObject([{ state: 'sent', attempts: 1, answer: '200 thanks' }]);
    expect(sender.receiver.got.length).toBe(1);
  });

  it('is given up for that never, however often, nor any sooner', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    sender.receiver.answer = () => undefined;
    for (let count = 1; count <= 22; count++) {
      const dispatcher = sender.start({ graceMs: 0 });
      await eventually('the receiver has it', () => sender.receiver.got.length === count);
      await dispatcher.stop();
    }
    expect(await sender.deliveries()).toMatchObject([{ state: 'waiting', attempts: 22 }]);

    await refuseUntilGivenUp();
    expect(await sender.deliveries()).toMatchObject([{ state: 'failed', attempts: 22 + MOST_ATTEMPTS }]);
  });
});

describe('a message that is being sent when the hub is killed', () => {
  it('is due again at the end of the lease, as the same one', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    const lost = await sender.claim(1);
    const dispatcher = sender.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sender.receiver.got).toEqual([]);
    sender.pass(1);
    dispatcher.wake();
    await eventually('it is sent', () => sender.isQuiet());

    expect(sender.receiver.got.map(({ id }) => id)).toEqual([lost?.message?.['id']]);
    expect(await sender.deliveries()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('is not sent again where its route is removed before that, and says that nobody knows', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    await sender.claim(1);
    for (const { id } of await listRoutes(sender.store)) await deleteRoute(sender.store, id);
    sender.pass(1);
    sender.start();
    await eventually('it is given up', () => sender.isQuiet());

    expect(sender.receiver.got).toEqual([]);
    expect(await sender.deliveries()).toMatchObject([
      { state: 'failed', attempts: 1, answer: expect.stringContaining('not known'), doneAt: sender.now },
    ]);
  });

  it('is given up for that never, however often, nor any sooner', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1')]);
    for (let count = 1; count <= 22; count++) await sender.claim(0);
    expect(await sender.deliveries()).toMatchObject([{ state: 'sending', attempts: 22 }]);

    await refuseUntilGivenUp();
    expect(await sender.deliveries()).toMatchObject([{ state: 'failed', attempts: 22 + MOST_ATTEMPTS }]);
  });
});

/** Has the receiver refuse the message for now, as often as it comes. */
async function refuseUntilGivenUp(): Promise<void> {
  sender.receiver.answer = (response) => response.writeHead(503).end();
  sender.start();
  await eventually('it is given up', () => {
    sender.pass(60);
    return sender.isQuiet();
  });
}
