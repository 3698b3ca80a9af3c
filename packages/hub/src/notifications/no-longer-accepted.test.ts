import { hash128 } from '@bulwark/core';
import { createException, revokeException, type StoredDecision, triage } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finding, NOW, TestSender, workload } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

const SEEN = 'It was first seen 2026-11-26 10:00:00 UTC and was accepted until';

function decision(more: Partial<StoredDecision> = {}): StoredDecision {
  return { id: null, reason: 'Node agent.', owner: 'platform', until: null, origin: 'hub', ...more };
}

/** An exception of the hub that ben ends some minutes after each test begins. */
async function endedByBen(minutes: number): Promise<StoredDecision> {
  const { id } = await createException(sender.store, {
    scope: {},
    reason: 'Node agent.',
    owner: null,
    until: null,
    state: 'active',
    createdBy: 'ann',
    createdAt: NOW,
    query: null,
  });
  await revokeException(sender.store, id, { by: 'ben', at: new Date(NOW.getTime() + minutes * 60_000) });
  return decision({ id });
}

/** What is told by then. */
async function told() {
  const dispatcher = sender.start();
  await eventually('all is sent', () => sender.isQuiet());
  await dispatcher.stop();
  return sender.receiver.got.splice(0);
}

describe('what is no longer accepted', () => {
  const ANNOTATED = decision({ annotation: 'bulwark.dev/except.privileged-container', origin: 'annotation' });

  it.each<{
    what: string;
    before: () => StoredDecision | Promise<StoredDecision>;
    minutes: number;
    requested?: StoredDecision;
    until: string;
  }>([
    {
      what: 'when its last day is over',
      before: () => decision({ until: '2026-11-26' }),
      minutes: 14 * 60 + 1,
      until: '2026-11-26',
    },
    {
      what: 'who ended it in the hub',
      before: () => endedByBen(60),
      minutes: 60,
      until: 'ben ended that at 2026-11-26 11:00:00 UTC',
    },
    {
      what: 'who refused what an annotation asks for',
      before: () => decision({ ...ANNOTATED, approvedBy: 'ann' }),
      minutes: 60,
      requested: decision({ ...ANNOTATED, refusedBy: 'ben' }),
      until: 'ben ended that at 2026-11-26 11:00:00 UTC',
    },
    {
      what: 'that an approval was taken back',
      before: () => decision({ ...ANNOTATED, approvedBy: 'ben' }),
      minutes: 60,
      requested: decision({ ...ANNOTATED, takenBackFrom: 'ben' }),
      until:
        '2026-11-26 11:00:00 UTC, when the approval of ben was taken back, as the audit log of the cluster names them among those who asked for it',
    },
    {
      what: 'when that was, where no more is known',
      before: () => decision({ origin: 'configuration' }),
      minutes: 60,
      until: '2026-11-26 11:00:00 UTC',
    },
  ])('is told as that, with since when it is there and why it was, and $what', async (each) => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1', { exception: await each.before() })]);
    sender.pass(each.minutes);
    await sender.batch([finding('1', { requested: each.requested })]);

    const [message, ...more] = await told();

    expect(more).toEqual([]);
    expect(message?.title).toBe('privileged-container: 1 no longer accepted');
    expect(message?.items.map(({ text, state }) => [text, state])).toEqual([
      [`Deployment shop/api: message 1 ${SEEN} ${each.until}: Node agent.`, 'opened'],
    ]);
  });

  it('is told with who made the change that ended it, apart from what the same change opened', async () => {
    await sender.route(await sender.webhook(), { digestMinutes: 1 });
    const changed = () => [workload('api', { bodyHash: hash128(sender.now.toISOString()) })];
    await sender.batch([finding('1', { exception: ANNOTATED })], { resources: changed() });
    sender.pass(60);
    await sender.batch([finding('1'), finding('2', { control: 'host-path' })], { resources: changed() });
    const dispatcher = sender.start();
    await eventually('it is gathered', async () => (await sender.deliveries()).length === 1);
    sender.pass(2);
    await dispatcher.stop();

    const [message] = await told();

    expect(message?.title).toBe('prod: 1 finding opened, 1 no longer accepted');
    expect(message?.items.map(({ text }) => text).toSorted()).toEqual([
      `Deployment shop/api: message 1 ${SEEN} ann changed that at 2026-11-26 11:00:00 UTC: Node agent.`,
      'Deployment shop/api: message 2',
    ]);
  });

  it('is told without secrets that are in its reason, and with no more than 200 characters of it', async () => {
    await sender.route(await sender.webhook());
    const reason = `password=hunter2Zq9xW ${'long '.repeat(100)}`;
    await sender.batch([finding('1', { exception: decision({ reason }) })]);
    sender.pass(60);
    await sender.batch([finding('1')]);

    const text = (await told())[0]?.items[0]?.text ?? '';

    expect(text).not.toContain('hunter2');
    expect(text.slice(text.indexOf('UTC: ') + 5)).toMatch(/^password=.{190}…$/);
  });

  it('is told once as deferred where it was that, too, with why it was accepted', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1', { exception: decision() })]);
    sender.pass(60);
    await sender.batch([finding('1')]);
    const until = new Date(sender.now.getTime() + 60 * 60_000);
    const key = { cluster: sender.cluster, fingerprint: finding('1').fingerprint };
    await triage(sender.store, [key], { deferredUntil: until, author: 'ann', at: sender.now });
    expect(await told()).toEqual([]);
    sender.pass(61);
    sender.start();
    await eventually('it is told', () => sender.receiver.got.length > 0);
    const [message] = sender.receiver.got;

    expect(message?.title).toBe('privileged-container: 1 no longer deferred');
    expect(message?.items.map(({ text }) => text)).toEqual([
      `Deployment shop/api: message 1 It was deferred until 2026-11-26 12:00:00 UTC. ${SEEN} 2026-11-26 11:00:00 UTC: Node agent.`,
    ]);
  });

  it('is told as opened where it is another one of the same kind, or ended and came back after it was', async () => {
    await sender.route(await sender.webhook());
    await sender.batch([finding('1', { exception: decision() }), finding('2')]);
    sender.pass(60);
    await sender.batch([], { resolved: [finding('1').fingerprint] });
    expect((await told()).map(({ title }) => title)).toEqual(['privileged-container: 1 finding opened']);
    sender.pass(60);
    await sender.batch([finding('1')]);

    const [message] = await told();

    expect(message?.title).toBe('privileged-container: 1 finding opened');
    expect(message?.items.map(({ text }) => text)).toEqual(['Deployment shop/api: message 1']);
  });
});
