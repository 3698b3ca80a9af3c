import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCEPTED, at, finding, shown, TestGathering } from './gathering.testing.ts';
import { deleteRoute, listRoutes } from './routes.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

const FOUND = finding('privileged');

/** Opened and deferred until the sixtieth minute, before its route, which tells at once, has told of it. */
async function deferred(): Promise<void> {
  await gathering.route({ digestMinutes: 0 });
  await gathering.write(1, [FOUND]);
  await gathering.defer(FOUND, 60);
  expect(await gathering.message(2)).toBeUndefined();
}

describe('what was deferred before anybody was told', () => {
  it('is told when that ends, once, with why it comes now', async () => {
    await deferred();
    expect(await gathering.message(59)).toBeUndefined();

    const message = await gathering.message(61);

    expect(message).toMatchObject({ topic: 'control', opened: 1, late: 1, change: null });
    expect(message?.items.map(({ deferredUntil }) => new Date(deferredUntil ?? ''))).toEqual([at(60)]);
    expect(await gathering.message(62)).toBeUndefined();
    expect(await gathering.message(500)).toBeUndefined();
  });

  it('is told once where several hubs plan at the same time', async () => {
    await deferred();
    await Promise.all([1, 2, 3, 4].map(() => gathering.plan(61)));

    expect((await gathering.message(61))?.opened).toBe(1);
    expect(await gathering.message(61)).toBeUndefined();
  });

  it('is told by the routes that have not told it, and by no other', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.route({ digestMinutes: 30 });
    await gathering.write(1, [FOUND]);
    expect(await gathering.message(1)).toMatchObject({ topic: 'control', late: 0 });
    await gathering.defer(FOUND, 60);
    expect(await gathering.message(40)).toBeUndefined();
    expect(await gathering.message(61)).toBeUndefined();

    expect(await gathering.message(95)).toMatchObject({ topic: 'digest', late: 1 });
    expect(await gathering.message(500)).toBeUndefined();
  });

  it('is told as soon as the deferral is taken back', async () => {
    await deferred();
    await gathering.defer(FOUND, null);

    const message = await gathering.message(10);

    expect(new Date(message?.items[0]?.deferredUntil ?? '')).toEqual(at(10));
  });

  it('waits as long as it is deferred anew', async () => {
    await deferred();
    await gathering.defer(FOUND, 90);
    expect(await gathering.message(61)).toBeUndefined();

    expect(shown(await gathering.message(91))).toEqual(['opened privileged']);
  });

  it('is told once where it got worse meanwhile, as it is by then', async () => {
    await deferred();
    await gathering.write(5, [finding('privileged', { severity: 'critical' })]);
    expect(await gathering.message(6)).toBeUndefined();

    expect((await gathering.message(61))?.items).toMatchObject([{ severity: 4 }]);
    expect(await gathering.message(500)).toBeUndefined();
  });

  it('is told once where it gets worse as the deferral ends', async () => {
    await deferred();
    await gathering.write(61, [finding('privileged', { severity: 'critical' })]);

    expect(await gathering.message(61)).toMatchObject({ opened: 1, late: 0 });
    expect(await gathering.message(500)).toBeUndefined();
  });

  it('is told to nobody where it is gone by then, nor that it went', async () => {
    await deferred();
    await gathering.write(5, [], [FOUND]);

    for (const minute of [6, 61, 500]) expect(await gathering.message(minute)).toBeUndefined();
  });

  it('is told when it is no longer accepted, where it is by then', async () => {
    await deferred();
    await gathering.write(5, [finding('privileged', { exception: ACCEPTED })]);
    expect(await gathering.message(61)).toBeUndefined();
    await gathering.write(70, [FOUND]);

    expect(shown(await gathering.message(70))).toEqual(['opened privileged']);
  });

  it('is told also where a backup is put back meanwhile', async () => {
    await deferred();
    const again = await gathering.restored();
    try {
      expect(await again.message(59)).toBeUndefined();
      expect(shown(await again.message(61))).toEqual(['opened privileged']);
    } finally {
      await again.store.close();
    }
  });

  it('is no longer told by a route that is removed', async () => {
    await deferred();
    const [route] = await listRoutes(gathering.store);
    await deleteRoute(gathering.store, route?.id ?? 0);

    expect(await gathering.message(61)).toBeUndefined();
  });
});

describe('what was told before it was deferred', () => {
  it('is not told again when that ends', async () => {
    await gathering.route({ digestMinutes: 0 });
    await gathering.write(1, [FOUND]);
    expect(shown(await gathering.message(1))).toEqual(['opened privileged']);
    await gathering.defer(FOUND, 60);

    for (const minute of [59, 61, 500]) expect(await gathering.message(minute)).toBeUndefined();
  });
});
