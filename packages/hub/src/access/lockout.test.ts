import {
  createUser,
  listAudit,
  listUsers,
  resetPassword,
  setPassword,
  type UserRecord,
} from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';
import { Authenticator } from './authenticate.ts';
import { hashPassword } from './password.ts';
import { tokenHash } from './secret-token.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const DAY_MS = 86_400_000;
const PASSWORD = 'the right password';

let hub: TestHub;
let authenticator: Authenticator;
let hash: string;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  authenticator = new Authenticator(hub.store, { isSecure: false, now: () => hub.now });
  hash = await hashPassword(PASSWORD);
}, 60_000);

beforeEach(() => {
  hub.now = NOON;
});

afterEach(async () => {
  await hub.store.pool.query('truncate app_user, session, link cascade');
});

afterAll(() => hub?.stop());

async function userOf(name: string): Promise<UserRecord> {
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const user = await createUser(hub.store, { name, role: 'viewer', limits, createdAt: NOON });
  await setPassword(hub.store, user.id, hash, undefined);
  return user;
}

async function isLetIn(name: string, password: string, device?: Buffer): Promise<boolean> {
  const user = await authenticator.withPassword(name, password, device).catch(() => undefined);
  return user !== undefined;
}

describe('wrong passwords', () => {
  it('lock a name, and the audit log says so', async () => {
    const { id } = await userOf('eve');
    for (let tries = 0; tries < 5; tries++) expect(await isLetIn('eve', 'wrong')).toBe(false);
    expect(await isLetIn('nobody', 'wrong')).toBe(false);

    const entries = await listAudit(hub.store, 100);
    const locked = entries.filter(({ action }) => action === 'lockUser').map(({ subject }) => subject);
    expect(locked.filter((subject) => subject.startsWith(`id=${id} `))).toEqual([
      `id=${id} name=eve seconds=1`,
    ]);
  });

  it('lock a name as soon when many come at once, and let the right one through no more', async () => {
    await userOf('eve');
    await Promise.all(Array.from({ length: 12 }, () => isLetIn('eve', 'wrong')));

    expect(await listUsers(hub.store)).toMatchObject([{ name: 'eve', failures: 5 }]);
    expect(await isLetIn('eve', PASSWORD)).toBe(false);
  });

  it('end with the right one', async () => {
    await userOf('eve');
    for (let tries = 0; tries < 4; tries++) expect(await isLetIn('eve', 'wrong')).toBe(false);
    expect(await isLetIn('eve', PASSWORD)).toBe(true);

    expect(await listUsers(hub.store)).toMatchObject([{ name: 'eve', failures: 0, lastSeen: NOON }]);
  });
});

/** Signs in with a device; what it shows from then on. */
async function signIn(user: UserRecord, before?: Buffer): Promise<Buffer> {
  return tokenHash((await authenticator.open(user, before)).device.cookie);
}

/** Locks a name, as everybody can who knows it. */
async function lock(name: string): Promise<void> {
  await Promise.all(Array.from({ length: 5 }, () => isLetIn(name, 'wrong')));
}

describe('a device with which somebody has signed in', () => {
  it('is not kept out by whoever knows the name, and lets nobody else in', async () => {
    const device = await signIn(await userOf('eve'));
    await lock('eve');
    for (let quarters = 0; quarters < 10; quarters++) {
      hub.now = new Date(hub.now.getTime() + 15 * 60_000);
      expect(await isLetIn('eve', 'wrong')).toBe(false);
    }

    expect(await isLetIn('eve', PASSWORD)).toBe(false);
    expect(await isLetIn('eve', PASSWORD, tokenHash('bwd_made-up'))).toBe(false);
    expect(await isLetIn('eve', PASSWORD, device)).toBe(true);
    expect(await isLetIn('eve', PASSWORD)).toBe(false);
  });

  it('gets no more tries than a name, many at once; then it counts as one that is not known', async () => {
    const device = await signIn(await userOf('eve'));
    await Promise.all(Array.from({ length: 20 }, () => isLetIn('eve', 'wrong', device)));

    expect(await listUsers(hub.store)).toMatchObject([{ name: 'eve', failures: 5 }]);
    expect((await hub.store.pool.query('select failures from device')).rows).toEqual([{ failures: 5 }]);
    expect(await isLetIn('eve', PASSWORD, device)).toBe(false);
    hub.now = new Date(hub.now.getTime() + 1000);
    expect(await isLetIn('eve', PASSWORD, device)).toBe(true);
    expect((await hub.store.pool.query('select failures from device')).rows).toEqual([{ failures: 0 }]);
  });

  it('is known for those alone who have signed in with it', async () => {
    const device = await signIn(await userOf('eve'));
    await userOf('ann');
    await lock('ann');

    expect(await isLetIn('ann', PASSWORD, device)).toBe(false);
  });

  it('shows something new after each time, which is known for all who have signed in with it', async () => {
    const [eve, ann] = [await userOf('eve'), await userOf('ann')];
    const first = await signIn(eve);
    const second = await signIn(ann, first);
    await lock('eve');

    expect(await isLetIn('eve', PASSWORD, first)).toBe(false);
    expect(await isLetIn('eve', PASSWORD, second)).toBe(true);
  });

  it.each([
    {
      what: 'the password was taken away',
      act: async ({ id }: UserRecord) => {
        await resetPassword(hub.store, id);
        await setPassword(hub.store, id, hash, undefined);
      },
    },
    {
      what: 'ninety days without signing in',
      act: async () => {
        hub.now = new Date(hub.now.getTime() + 90 * DAY_MS);
      },
    },
    {
      what: 'many others',
      act: async (user: UserRecord) => {
        hub.now = new Date(hub.now.getTime() + 1);
        for (let others = 0; others < 50; others++) await signIn(user);
      },
    },
  ])('is forgotten after $what', async ({ act }) => {
    const user = await userOf('eve');
    const device = await signIn(user);
    await act(user);
    await lock('eve');

    expect(await isLetIn('eve', PASSWORD, device)).toBe(false);
  });
});
