import {
  type CoverageRecord,
  createRoute,
  deleteRoute,
  listRoutes,
  markClusterAway,
  updateRoute,
  writeSight,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, NOW, TestSender } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

const state = (name: 'live' | 'syncing', lastSeen: Date | null) =>
  writeSight(sender.store, sender.cluster, {
    at: lastSeen ?? sender.now,
    state: name,
    reason: null,
    lastSeen,
    kinds: [],
    unserved: [],
    hasJudged: name === 'live',
    coverage: [],
  });
const seen = (coverage: readonly CoverageRecord[], at: Date) =>
  writeSight(sender.store, sender.cluster, {
    at,
    state: 'live',
    reason: null,
    lastSeen: at,
    kinds: [],
    unserved: [],
    hasJudged: true,
    coverage,
  });
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const titles = () => sender.receiver.got.map(({ title }) => title);

/** Runs a hub of its own until it has looked for what is to be told, and sent it. */
async function lookOnce(): Promise<void> {
  // It is asked when a turn begins and before each message is claimed: the third time the first turn has claimed what was due.
  let asked = 0;
  const dispatcher = sender.start({
    isOurs: () => {
      asked++;
      return true;
    },
  });
  await eventually('it has looked', () => asked > 2);
  await dispatcher.stop();
}

/** The cluster has been away for long enough, and the receiver of that does not take it just then. */
const isAwayAndCannotBeTold = async (): Promise<void> => {
  await state('live', NOW);
  await markClusterAway(sender.store, sender.cluster, 'connection refused');
  sender.now = minutes(6);
  sender.receiver.answer = (response) => response.writeHead(503).end();
  await lookOnce();
  sender.receiver.answer = (response) => response.end('ok');
};

describe('a route about operations', () => {
  const made = async () => sender.route(await sender.webhook(), { about: 'operations' });

  it('tells once that a cluster is away, over restarts, and once that it is back', async () => {
    await made();
    await state('live', NOW);
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
    sender.now = minutes(4);
    await lookOnce();
    expect(await sender.deliveries()).toEqual([]);

    for (const minute of [6, 7, 90]) {
      sender.now = minutes(minute);
      await lookOnce();
    }
    await eventually('it is told', () => sender.receiver.got.length > 0);
    await state('syncing', null);
    await lookOnce();
    await markClusterAway(sender.store, sender.cluster, 'timed out');
    await lookOnce();
    expect(titles()).toEqual(['prod has been away for 6 min']);
    await state('live', minutes(95));
    sender.now = minutes(95);
    for (const _ of [1, 2]) await lookOnce();

    expect(titles()).toEqual(['prod has been away for 6 min', 'prod is seen again, after 95 min']);
    expect(sender.receiver.got[0]?.items[0]?.text).toBe(
      'Not seen since 2026-11-26T10:00:00.000Z: connection refused',
    );
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
    sender.now = minutes(101);
    await lookOnce();
    expect(titles()[2]).toBe('prod has been away for 6 min');
  });

  it('tells that a cluster is back after it told that it was away, where that had to be tried again', async () => {
    await made();
    await isAwayAndCannotBeTold();
    await state('live', sender.now);
    await lookOnce();
    sender.now = minutes(7);
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    expect(titles()).toEqual([
      'prod has been away for 6 min',
      'prod has been away for 6 min',
      'prod is seen again, after 6 min',
    ]);
  });

  it('tells that a cluster is back where it told that it was away, and nothing where it leads meanwhile', async () => {
    await made();
    await isAwayAndCannotBeTold();
    const channelId = await sender.webhook('other', `${sender.receiver.url}/other`);
    for (const route of await listRoutes(sender.store))
      await updateRoute(sender.store, route.id, { ...route, channelId });
    await state('live', sender.now);
    await lookOnce();
    sender.now = minutes(7);
    sender.start();
    await eventually('all is sent', () => sender.isQuiet());

    expect(titles()).toEqual([
      'prod has been away for 6 min',
      'prod has been away for 6 min',
      'prod is seen again, after 6 min',
    ]);
    expect((await sender.deliveries()).map(({ channelName }) => channelName)).toEqual(['hook', 'hook']);
  });

  it('tells the next outage where it leads by then', async () => {
    await made();
    await state('live', NOW);
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
    sender.now = minutes(6);
    await lookOnce();
    const channelId = await sender.webhook('other', `${sender.receiver.url}/other`);
    for (const route of await listRoutes(sender.store))
      await updateRoute(sender.store, route.id, { ...route, channelId });
    await state('live', minutes(7));
    sender.now = minutes(7);
    await lookOnce();
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
    sender.now = minutes(13);
    await lookOnce();

    expect((await sender.deliveries()).map(({ channelName }) => channelName)).toEqual([
      'other',
      'hook',
      'hook',
    ]);
  });

  it('is told nothing of findings, and a route about findings nothing of operations', async () => {
    await sender.route(await sender.webhook());
    await state('live', NOW);
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
    sender.now = minutes(60);
    await lookOnce();

    expect(await sender.deliveries()).toEqual([]);
  });

  it('tells once of what is no longer seen, with its remedy, and not of what was not seen before', async () => {
    await made();
    const gap = (subject: string) =>
      ({
        code: 'missing-permission',
        subject,
        kind: 'lost',
        reason: 'forbidden',
        remedy: `grant ${subject}`,
      }) as const;
    await seen([gap('Secret')], minutes(-1));
    sender.now = minutes(10);
    await lookOnce();
    await seen([gap('Secret'), gap('Node')], minutes(10));
    sender.now = minutes(12);
    await lookOnce();
    expect(await sender.deliveries()).toEqual([]);
    for (const minute of [16, 17, 60]) {
      sender.now = minutes(minute);
      await lookOnce();
    }

    expect(titles()).toEqual(['prod: less is seen than before, 1 gap in coverage']);
    expect(sender.receiver.got[0]?.items).toMatchObject([{ text: 'Node: forbidden', action: 'grant Node' }]);
  });
});

describe('a channel to which several routes about operations lead', () => {
  const gap = (subject: string) =>
    ({ code: 'missing-permission', subject, kind: 'lost', reason: 'forbidden', remedy: null }) as const;
  /** Routes that wait for so many minutes, in this order; the numbers of the channel and the routes. */
  const made = async (...waits: readonly number[]) => {
    const channel = await sender.webhook();
    for (const awayMinutes of waits) await sender.route(channel, { about: 'operations', awayMinutes });
    const routes = (await listRoutes(sender.store)).toSorted((a, b) => a.id - b.id).map(({ id }) => id);
    return { channel, routes };
  };
  const lookAt = async (...all: readonly number[]): Promise<void> => {
    for (const minute of all) {
      sender.now = minutes(minute);
      for (const _ of [1, 2]) await lookOnce();
    }
    await eventually('all is sent', () => sender.isQuiet());
  };
  const goAway = async (): Promise<void> => {
    await state('live', NOW);
    await markClusterAway(sender.store, sender.cluster, 'connection refused');
  };
  const AWAY = 'prod has been away for 6 min';
  const BACK = 'prod is seen again, after 40 min';

  it.each([
    { what: 'as soon as each other', waits: [5, 5] },
    { what: 'one after the other', waits: [5, 30] },
    { what: 'the first after the second', waits: [30, 5] },
    { what: 'the other too late', waits: [5, 90] },
  ])('is told once that a cluster is away, and that it is back: $what', async ({ waits }) => {
    await made(...waits);
    await goAway();
    await lookAt(6, 31, 35);
    await state('live', minutes(40));
    await lookAt(40);

    expect(titles()).toEqual([AWAY, BACK]);
  });

  it('is told once what is no longer seen, in one message', async () => {
    await made(5, 30);
    await seen([gap('Secret')], minutes(1));
    await lookAt(7);
    await seen([gap('Secret'), gap('Node')], minutes(9));
    await lookAt(10, 15, 31, 60);

    expect(sender.receiver.got.map(({ items }) => items.map(({ text }) => text))).toEqual([
      ['Secret: forbidden'],
      ['Node: forbidden'],
    ]);
  });

  it('is told what a route that is older has still to tell', async () => {
    const { channel } = await made(30);
    await seen([gap('Secret')], minutes(1));
    const [route] = await listRoutes(sender.store);
    if (route !== undefined) await createRoute(sender.store, { ...route, channelId: channel }, minutes(10));
    await lookAt(11, 32);

    expect(titles()).toEqual(['prod: less is seen than before, 1 gap in coverage']);
  });

  it('is told by the other what one was to tell that is removed', async () => {
    const { routes } = await made(5, 30);
    await isAwayAndCannotBeTold();
    await deleteRoute(sender.store, routes[0] ?? 0);
    await lookAt(7, 31);
    await state('live', minutes(40));
    await lookAt(40);

    expect(titles()).toEqual([AWAY, AWAY, BACK]);
  });

  async function leadsElsewhere(id: number | undefined): Promise<void> {
    const other = await sender.webhook('other', `${sender.receiver.url}/other`);
    for (const route of await listRoutes(sender.store))
      if (route.id === id) await updateRoute(sender.store, route.id, { ...route, channelId: other });
  }

  it('is told once that a cluster is back where the route that told it that it was away leads to another by then', async () => {
    const { routes } = await made(5, 90);
    await goAway();
    await lookAt(6);
    await leadsElsewhere(routes[0]);
    await state('live', minutes(40));
    await lookAt(40);

    expect(titles()).toEqual([AWAY, BACK]);
    expect((await sender.deliveries()).map(({ channelName }) => channelName)).toEqual(['hook', 'hook']);
  });

  it('is told that a cluster is back also where the route that told it that it was away led to another and is removed', async () => {
    const { routes } = await made(5, 90);
    await goAway();
    await lookAt(6);
    await leadsElsewhere(routes[0]);
    await deleteRoute(sender.store, routes[0] ?? 0);
    await state('live', minutes(40));
    await lookAt(40);

    expect(titles()).toEqual([AWAY, BACK]);
    expect((await sender.deliveries()).map(({ channelName }) => channelName)).toEqual(['hook', 'hook']);
  });
});
