import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import {
  countTry,
  createUser,
  deleteUser,
  listTokens,
  listUsers,
  setPassword,
  updateUser,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import { issueToken } from '../access/issue.ts';
import { hashPassword } from '../access/password.ts';
import { administrationHandlers } from './administration.ts';
import { asking } from './callers.testing.ts';
import { TestHub } from './test-cluster.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const NOTHING = { params: undefined, query: undefined, body: undefined };
const EVERYTHING = { clusters: 'all', namespaces: 'all' } as const;
const NONE = { clusters: [], namespaces: [] };
const PAY = { clusters: [1], namespaces: ['pay'] };

interface Given {
  readonly role?: 'admin';
  readonly limits?: { clusters: 'all' | number[]; namespaces: 'all' | string[] };
}

let hub: TestHub;
let authenticator: Authenticator;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  authenticator = new Authenticator(hub.store, { isSecure: false, now: () => NOON });
});

afterEach(async () => {
  await hub.store.pool.query('truncate app_user, token, session, link cascade');
});

afterAll(() => hub?.stop());

function handlers() {
  return administrationHandlers({
    ownership: DEFAULT_OWNERSHIP,
    store: hub.store,
    authenticator,
    origin: () => 'https://bulwark.example.com',
  });
}

describe('what somebody gives', () => {
  const beyond: readonly { what: string; own: Partial<Caller>; given: Given }[] = [
    { what: 'everything by default', own: { limits: PAY }, given: {} },
    { what: 'every cluster', own: { limits: PAY }, given: { limits: { ...PAY, clusters: 'all' } } },
    { what: 'another cluster', own: { limits: PAY }, given: { limits: { ...PAY, clusters: [1, 2] } } },
    { what: 'every namespace', own: { limits: PAY }, given: { limits: { ...PAY, namespaces: 'all' } } },
    { what: 'another namespace', own: { limits: PAY }, given: { limits: { ...PAY, namespaces: ['shop'] } } },
    { what: 'a greater role', own: { role: 'editor' }, given: { role: 'admin' } },
  ];

  it.each(beyond)('is never beyond what they have: $what', async ({ own, given }) => {
    const body = { name: 'x', role: given.role ?? 'viewer', limits: given.limits, days: 1 } as const;
    const refused = { code: 'not-allowed' };

    await expect(handlers().createToken({ ...NOTHING, body }, asking(NOON, own))).rejects.toMatchObject(
      refused,
    );
    await expect(handlers().createUser({ ...NOTHING, body }, asking(NOON, own))).rejects.toMatchObject(
      refused,
    );
    const { id } = await createUser(hub.store, { name: 'y', role: 'viewer', limits: NONE, createdAt: NOON });
    const change = {
      params: { id },
      query: undefined,
      body: { role: body.role, limits: body.limits ?? EVERYTHING },
    };
    await expect(handlers().updateUser(change, asking(NOON, { userId: 0, ...own }))).rejects.toMatchObject(
      refused,
    );
    expect(await listTokens(hub.store)).toEqual([]);
    expect(await listUsers(hub.store)).toMatchObject([{ name: 'y', role: 'viewer', limits: NONE }]);
  });

  it('is no token of a role that does what they may not', async () => {
    const body = { name: 'x', role: 'ci', days: 1 } as const;

    await expect(
      handlers().createToken({ ...NOTHING, body }, asking(NOON, { role: 'editor' })),
    ).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('is refused with the part that goes beyond', async () => {
    const limits = { clusters: [1, 2], namespaces: ['shop'] };
    const body = { name: 'x', role: 'viewer', limits, days: 1 } as const;

    await expect(
      handlers().createToken({ ...NOTHING, body }, asking(NOON, { limits: PAY })),
    ).rejects.toMatchObject({
      details: { errors: [{ path: 'limits.clusters' }, { path: 'limits.namespaces' }] },
    });
  });

  it('may be all that they have', async () => {
    const body = { name: 'x', role: 'admin', days: 1 } as const;

    expect(await handlers().createToken({ ...NOTHING, body }, asking(NOON))).toMatchObject({
      role: 'admin',
      limits: EVERYTHING,
    });
  });
});

describe('limits to a cluster that is not there', () => {
  const limits = { clusters: [99], namespaces: 'all' as const };
  const refused = {
    code: 'bad-request',
    details: { errors: [{ path: 'limits.clusters.0', message: 'there is no cluster 99' }] },
  };

  it('are refused: whoever has them would one day see the cluster that gets the number', async () => {
    const body = { name: 'x', role: 'viewer', limits, days: 1 } as const;

    await expect(handlers().createUser({ ...NOTHING, body }, asking(NOON))).rejects.toMatchObject(refused);
    await expect(handlers().createToken({ ...NOTHING, body }, asking(NOON))).rejects.toMatchObject(refused);
    const { id } = await createUser(hub.store, { name: 'y', role: 'viewer', limits: NONE, createdAt: NOON });
    const change = { params: { id }, query: undefined, body: { limits } };
    await expect(handlers().updateUser(change, asking(NOON, { userId: 0 }))).rejects.toMatchObject(refused);
  });

  it('stay with who has them, from when it was there', async () => {
    const { id } = await createUser(hub.store, { name: 'y', role: 'viewer', limits, createdAt: NOON });
    const body = { limits: { clusters: [99], namespaces: ['shop'] } };

    expect(
      await handlers().updateUser({ params: { id }, query: undefined, body }, asking(NOON, { userId: 0 })),
    ).toMatchObject(body);
  });

  it('to one that is there are given', async () => {
    const { id } = await hub.cluster('prod', {});
    const there = { clusters: [id], namespaces: 'all' as const };
    const body = { name: 'z', role: 'viewer' as const, limits: there, days: 1 };

    expect(await handlers().createToken({ ...NOTHING, body }, asking(NOON))).toMatchObject({ limits: there });
  });
});

describe('a name', () => {
  const makes = {
    user: async (name: string): Promise<unknown> =>
      handlers().createUser({ ...NOTHING, body: { name, role: 'viewer' } }, asking(NOON)),
    token: async (name: string): Promise<unknown> =>
      handlers().createToken({ ...NOTHING, body: { name, role: 'ci', days: 1 } }, asking(NOON)),
  };
  const what = ['user', 'token'] as const;

  it.each(what)('of a %s is not another one by its capitals alone', async (kind) => {
    await makes[kind]('Émile');

    await expect(makes[kind]('émiLe')).rejects.toMatchObject({
      code: 'conflict',
      details: {
        detail: `There is a ${kind} Émile already, and capitals alone do not tell two names apart.`,
      },
    });
    await makes[kind]('Emile');
  });

  it.each(what)('of a %s is given once, however many ask for it at once', async (kind) => {
    const asked = await Promise.allSettled(['ann', 'Ann', 'ANN', 'aNN'].map((name) => makes[kind](name)));

    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    {
      kind: 'user',
      sql: `insert into app_user (name, role, limits, created_at) select n, 'viewer', $1, now()`,
    },
    {
      kind: 'token',
      sql: `insert into token (hash, name, role, limits, owner, created_at, expires)
        select convert_to(n, 'UTF8'), n, 'viewer', $1, 'root', now(), now()`,
    },
  ] as const)('of a $kind stays where two were told apart so before', async ({ kind, sql }) => {
    await hub.store.pool.query(`${sql} from unnest('{ann,Ann}'::text[]) n`, [JSON.stringify(EVERYTHING)]);
    const { listUsers: users, listTokens: tokens } = handlers();

    await makes[kind]('bob');
    const { items } = await (kind === 'user' ? users : tokens)(NOTHING, asking(NOON));
    expect(items.map(({ name }) => name).sort()).toEqual(['Ann', 'ann', 'bob']);
    await expect(makes[kind]('ANN')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of a token can be given again, for one that takes its place', async () => {
    await makes.token('shop');
    await makes.token('shop');

    expect((await listTokens(hub.store)).map(({ name }) => name)).toEqual(['shop', 'shop']);
  });
});

describe('the last administrator of everything', () => {
  it('stays, whoever else administers a part', async () => {
    const made = { role: 'admin', createdAt: NOON };
    const root = await createUser(hub.store, { ...made, name: 'root', limits: EVERYTHING });
    const part = await createUser(hub.store, { ...made, name: 'a part', limits: PAY });
    const remove = (id: number) =>
      handlers().deleteUser({ ...NOTHING, params: { id } }, asking(NOON, { userId: 0 }));

    await expect(remove(root.id)).rejects.toMatchObject({ code: 'not-found' });
    await remove(part.id);
    expect((await listUsers(hub.store)).map(({ name }) => name)).toEqual(['root']);
  });

  it('stays, however many remove each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const made = await Promise.all(
        Array.from({ length: 8 }, (_each, number) =>
          createUser(hub.store, {
            name: `admin ${round} ${number}`,
            role: 'admin',
            limits: EVERYTHING,
            createdAt: NOON,
          }),
        ),
      );
      await Promise.all(
        made.map(({ id }, index) =>
          index % 2 === 0 ? deleteUser(hub.store, id) : updateUser(hub.store, id, { role: 'viewer' }),
        ),
      );
      const left = (await listUsers(hub.store)).filter(({ role }) => role === 'admin');
      expect(left.length).toBe(1);
      await hub.store.pool.query('truncate app_user cascade');
    }
  });

  it('is who the link at the start signs in', async () => {
    await createUser(hub.store, { name: 'a part', role: 'admin', limits: PAY, createdAt: NOON });

    const link = await authenticator.firstLink();

    expect(await authenticator.withLink(link ?? '')).toMatchObject({ name: 'admin', limits: EVERYTHING });
  });

  it('is signed in by no link at the start once there is a password, of any of them', async () => {
    await createUser(hub.store, { name: 'admin', role: 'admin', limits: EVERYTHING, createdAt: NOON });
    const other = await createUser(hub.store, {
      name: 'root',
      role: 'admin',
      limits: EVERYTHING,
      createdAt: NOON,
    });
    await setPassword(hub.store, other.id, 'scrypt', undefined);

    expect(await authenticator.firstLink()).toBeUndefined();
  });
});

describe('a user', () => {
  const user = (name: string, role = 'admin') =>
    createUser(hub.store, { name, role, limits: EVERYTHING, createdAt: NOON });
  const update = (id: number, body: { role?: 'viewer'; isLocked?: false }) =>
    handlers().updateUser({ params: { id }, query: undefined, body }, asking(NOON, { userId: 0 }));
  const owned = async (owner: string) => {
    for (const role of ['admin', 'viewer'] as const)
      await issueToken(hub.store, { name: role, role, days: 1 }, { owner, now: NOON });
  };
  const tokens = async () => (await listTokens(hub.store)).map(({ name }) => name);

  it('with less to do keeps only the tokens that may do no more', async () => {
    await user('root');
    const { id } = await user('ann');
    await owned('ann');

    expect(await update(id, { role: 'viewer' })).toMatchObject({ role: 'viewer', limits: EVERYTHING });
    expect(await tokens()).toEqual(['viewer']);
  });

  it('who is removed takes their tokens along', async () => {
    await user('root');
    const { id } = await user('ann');
    await owned('ann');
    await owned('root');

    await handlers().deleteUser({ ...NOTHING, params: { id } }, asking(NOON, { userId: 0 }));

    expect((await listTokens(hub.store)).map(({ owner }) => owner)).toEqual(['root', 'root']);
  });

  it('who is the last administrator of everything stays one', async () => {
    const { id } = await user('root');

    await expect(update(id, { role: 'viewer' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('who has a role that is for tokens, from before, keeps it until they get another one', async () => {
    const { id } = await user('cia', 'ci');

    expect(await update(id, { isLocked: false })).toMatchObject({ name: 'cia', role: 'ci' });
    expect(await update(id, { role: 'viewer' })).toMatchObject({ name: 'cia', role: 'viewer' });
  });

  it('who is locked is unlocked', async () => {
    const { id } = await user('eve', 'viewer');
    for (let tries = 0; tries < 6; tries++)
      await countTry(hub.store, id, { now: NOON, isLocked: () => false });
    const isLocked = async () => (await handlers().listUsers(NOTHING, asking(NOON))).items[0]?.isLocked;

    expect(await isLocked()).toBe(true);
    expect(await update(id, { isLocked: false })).toMatchObject({ isLocked: false, role: 'viewer' });
    expect(await isLocked()).toBe(false);
  });

  it('gets a link in the place of their password', async () => {
    const { id } = await user('eve', 'viewer');
    await setPassword(hub.store, id, await hashPassword('a long enough one'), undefined);

    const { link } = await handlers().linkUser(
      { params: { id }, query: undefined, body: undefined },
      asking(NOON),
    );

    await expect(authenticator.withPassword('eve', 'a long enough one')).rejects.toMatchObject({
      code: 'bad-credentials',
    });
    expect(await authenticator.withLink(link.split('#link=')[1] ?? '')).toMatchObject({ name: 'eve' });
  });
});
