import { viewRoutes } from '@bulwark/api';
import { FINDING_FIELDS, parseQuery } from '@bulwark/core';
import { createUser, deleteUser } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { asking } from './callers.testing.ts';
import { TestHub } from './test-cluster.ts';
import { viewHandlers } from './views.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const ANN: Partial<Caller> = { user: 'ann', role: 'editor' };
const BOB: Partial<Caller> = { user: 'bob', role: 'viewer' };
const ADMIN: Partial<Caller> = { user: 'root', role: 'admin' };
const VIEW = { name: 'Worst', isShared: false, view: { q: 'severity:critical', by: 'owner' } } as const;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
});

afterEach(async () => {
  await hub.store.pool.query('truncate saved_view');
});

afterAll(() => hub?.stop());

const NOTHING = { params: undefined, query: undefined, body: undefined };

async function list(who: Partial<Caller>) {
  const answer = await viewHandlers(hub.store).listViews(NOTHING, asking(NOON, who));
  return viewRoutes.listViews.response.parse(answer).items;
}

async function create(who: Partial<Caller>, more: Partial<typeof VIEW> | { isShared: true } = {}) {
  const input = { ...NOTHING, body: { ...VIEW, ...more } };
  const item = await viewHandlers(hub.store).createView(input, asking(NOON, who));
  return item.id ?? 0;
}

const own = async (who: Partial<Caller>) => (await list(who)).filter(({ id }) => id !== null);

describe('views', () => {
  it('are there before anybody makes one, and their queries can be read', async () => {
    const items = await list({ user: 'ann "the cat" o\'hara' });

    expect(items.map(({ name }) => name)).toEqual(['Mine', 'New since yesterday', 'Fixable critical']);
    for (const { view } of items)
      expect(parseQuery(view.q ?? '', FINDING_FIELDS)).toMatchObject({ ok: true });
  });

  it('ask with a token for what is assigned to the person behind it', async () => {
    const [mine] = await list({ user: 'token laptop', person: 'ann', via: 'token' });

    expect(mine?.view.q).toBe('assignee:ann');
  });

  it('are seen by nobody else, unless they are shared', async () => {
    await create(ANN);
    await create(ANN, { name: 'Ours', isShared: true } as never);

    expect((await own(ANN)).map(({ name }) => name)).toEqual(['Ours', 'Worst']);
    expect((await own(BOB)).map(({ name, owner, mayChange }) => [name, owner, mayChange])).toEqual([
      ['Ours', 'ann', false],
    ]);
  });

  it('belong to the person behind a token, and not to whoever has a token of that name', async () => {
    const token = (person: string): Partial<Caller> => ({
      user: 'token ci',
      person,
      role: 'editor',
      via: 'token',
    });
    const id = await create(token('ann'));
    const { deleteView } = viewHandlers(hub.store);

    expect((await own(ANN)).map(({ name, owner, mayChange }) => [name, owner, mayChange])).toEqual([
      ['Worst', 'ann', true],
    ]);
    expect(await own(token('bob'))).toEqual([]);
    await expect(
      Promise.resolve(deleteView({ ...NOTHING, params: { id } }, asking(NOON, token('bob')))),
    ).rejects.toMatchObject({ code: 'not-found' });
    await deleteView({ ...NOTHING, params: { id } }, asking(NOON, token('ann')));
    expect(await own(ANN)).toEqual([]);
  });

  it('are shared only by who may decide about findings', async () => {
    await expect(create(BOB, { isShared: true } as never)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await create(BOB)).toBeGreaterThan(0);
  });

  it('have names that are each owner’s own', async () => {
    await create(ANN);

    await expect(create(ANN)).rejects.toMatchObject({ code: 'conflict' });
    expect(await create(BOB)).toBeGreaterThan(0);
  });

  it('are changed and removed by their owner, shared ones by an administrator too', async () => {
    const { updateView, deleteView } = viewHandlers(hub.store);
    const secret = await create(ANN);
    const shared = await create(ANN, { name: 'Ours', isShared: true } as never);
    const change = (id: number, who: Partial<Caller>, name: string) =>
      Promise.resolve(
        updateView(
          { ...NOTHING, params: { id }, body: { ...VIEW, name, isShared: true } },
          asking(NOON, who),
        ),
      );

    await expect(change(secret, ADMIN, 'x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(change(shared, BOB, 'x')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(change(shared, ANN, 'Worst')).rejects.toMatchObject({ code: 'conflict' });
    expect(await change(shared, ADMIN, 'All of us')).toMatchObject({ name: 'All of us', owner: 'ann' });
    await deleteView({ ...NOTHING, params: { id: secret } }, asking(NOON, ANN));
    expect((await own(ANN)).map(({ name }) => name)).toEqual(['All of us']);
  });

  it('go with their owner, those that are shared stay', async () => {
    const user = { name: 'ann', role: 'editor', createdAt: NOON } as const;
    const { id } = await createUser(hub.store, { ...user, limits: { clusters: 'all', namespaces: 'all' } });
    await create(ANN);
    await create(ANN, { name: 'Ours', isShared: true } as never);

    expect(await deleteUser(hub.store, id)).toBe(true);

    expect((await own(ANN)).map(({ name }) => name)).toEqual(['Ours']);
  });
});
