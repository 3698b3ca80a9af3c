import { hash128 } from '@bulwark/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, finding, TestSender, workload } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

const SEEN = 'message 1 It was first seen 2026-11-26 10:00:00 UTC and was';

/** The Deployment as a change of it leaves it, with its finding. */
async function change(team: string | undefined, ...more: readonly string[]): Promise<void> {
  const resources = [workload('api', { team, bodyHash: hash128(sender.now.toISOString()) })];
  await sender.batch(
    ['1', ...more].map((id) => finding(id, { team })),
    { resources },
  );
}

async function told() {
  const dispatcher = sender.start();
  await eventually('all is sent', () => sender.isQuiet());
  await dispatcher.stop();
  return sender.receiver.got.splice(0);
}

describe('what is open already and another team gets', () => {
  it.each([
    { from: undefined, to: 'payments', whose: 'yours', before: "nobody's" },
    { from: 'storefront', to: 'payments', whose: 'yours', before: 'that of storefront' },
    { from: 'storefront', to: undefined, whose: "nobody's", before: 'that of storefront' },
  ])('is told as that, with since when and whose it was: from $from to $to', async (each) => {
    await sender.route(await sender.webhook(), { owners: [each.to ?? ''] });
    await change(each.from);
    sender.pass(60);
    expect(await told()).toEqual([]);
    await change(each.to);

    const [message] = await told();

    expect(message?.title).toBe(`Deployment shop/api was changed: 1 open finding is ${each.whose} now`);
    expect(message?.items.map(({ text }) => text)).toEqual([
      `Deployment shop/api: ${SEEN} ${each.before} before.`,
    ]);
    expect((await sender.store.pool.query('select opened from change order by id')).rows).toEqual([
      { opened: 1 },
      { opened: 0 },
    ]);
  });

  it('is told apart from what the same change opened', async () => {
    await sender.route(await sender.webhook(), { owners: ['payments'] });
    await change('storefront');
    sender.pass(60);
    await change('payments', '2');

    const [message] = await told();

    expect(message?.title).toBe(
      'Deployment shop/api was changed: 1 finding opened, 1 open finding is yours now',
    );
    expect(message?.items.map(({ text }) => text).toSorted()).toEqual([
      `Deployment shop/api: ${SEEN} that of storefront before.`,
      'Deployment shop/api: message 2',
    ]);
  });

  it('is told as that without a change of its object, as by a label of its namespace', async () => {
    await sender.route(await sender.webhook(), { owners: ['payments'] });
    const all = (team: string | undefined) =>
      ['1', '2'].map((id) => finding(id, { team, control: 'host-path' }));
    await sender.batch(all(undefined));
    await sender.batch(all('payments'));

    expect((await told()).map(({ title }) => title)).toEqual(['host-path: 2 open findings are yours now']);
  });

  it('is told with who said so, where the label of its namespace does', async () => {
    await sender.route(await sender.webhook(), { owners: ['payments'] });
    const actor = { ...workload('x').actor, user: 'carl' };
    const space = (version: string) =>
      workload('shop', {
        kind: 'Namespace',
        namespace: '',
        apiVersion: 'v1',
        isWorkload: false,
        actor,
        bodyHash: hash128(version),
      });
    await sender.batch([finding('1', { team: undefined })], { resources: [space('1')] });
    await sender.batch([finding('1', { team: 'payments' }), finding('2', { team: 'payments' })], {
      resources: [space('2')],
    });

    expect((await told()).map(({ title }) => title).toSorted()).toEqual([
      'Namespace shop was changed: 1 open finding is yours now',
      'privileged-container: 1 finding opened',
    ]);
  });

  it('is told as opened where it was the same team’s when it was opened, in the same message', async () => {
    await sender.route(await sender.webhook(), { owners: ['payments'], digestMinutes: 1 });
    for (const team of ['payments', 'storefront', 'payments']) await sender.batch([finding('1', { team })]);
    const dispatcher = sender.start();
    await eventually('it is gathered', async () => (await sender.deliveries()).length === 1);
    sender.pass(2);
    await dispatcher.stop();

    expect((await told()).map(({ title }) => title)).toEqual(['prod: 1 finding opened']);
  });
});
