import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '@bulwark/api';
import { createUser, listUsers, setPassword } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../access/password.ts';
import { hubOptionsForTests } from '../hub.testing.ts';
import { type Hub, startHub } from '../hub.ts';
import { TestHub } from './test-cluster.ts';

const START_MS = 240_000;
const NOON = new Date('2026-11-26T12:00:00Z');
const PASSWORD = 'the right password';

let database: TestHub;
let hub: Hub;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-session-'));
  database = await TestHub.start(NOON);
  hub = await startHub(hubOptionsForTests({ databaseUrl: database.url, folder, now: () => database.now }));
}, START_MS);

beforeEach(async () => {
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const { id } = await createUser(database.store, { name: 'ann', role: 'viewer', limits, createdAt: NOON });
  await setPassword(database.store, id, await hashPassword(PASSWORD), undefined);
});

afterEach(async () => {
  await database.store.pool.query('truncate app_user, session, link cascade');
});

afterAll(async () => {
  await hub?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly cookie?: string | undefined;
  readonly csrf?: string;
}

function ask(path: string, { method = 'GET', body, cookie, csrf }: Asked = {}): Promise<Response> {
  return fetch(`${hub.url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...(csrf !== undefined && { 'x-csrf-token': csrf }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function signIn(cookie?: string): Promise<{ readonly cookie: string; readonly session: Session }> {
  const body = { user: 'ann', password: PASSWORD };
  const answer = await ask('/api/v1/session', { method: 'POST', body, cookie });
  expect(answer.status).toBe(200);
  const set = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { cookie: set, session: (await answer.json()) as Session };
}

async function isSignedIn(cookie: string): Promise<boolean> {
  return (await ask('/api/v1/session', { cookie })).ok;
}

describe('signing in', () => {
  it('makes a session that nobody could have chosen', async () => {
    const chosen = `bulwark=bws_${'a'.repeat(43)}`;
    const { cookie } = await signIn(chosen);

    expect(cookie).not.toBe(chosen);
    expect([await isSignedIn(cookie), await isSignedIn(chosen)]).toEqual([true, false]);
  });

  it('ends the session that the browser had', async () => {
    const before = await signIn();
    const after = await signIn(before.cookie);

    expect([await isSignedIn(after.cookie), await isSignedIn(before.cookie)]).toEqual([true, false]);
  });
});

describe('a name that is locked by wrong passwords', () => {
  const tryTo = async (password: string, cookie?: string): Promise<number> =>
    (await ask('/api/v1/session', { method: 'POST', body: { user: 'ann', password }, cookie })).status;

  it('is open to a browser in which its user has signed in before, and to no other', async () => {
    const answer = await ask('/api/v1/session', {
      method: 'POST',
      body: { user: 'ann', password: PASSWORD },
    });
    const device = answer.headers.getSetCookie().find((each) => each.startsWith('bulwark-device='));
    for (let tries = 0; tries < 5; tries++) expect(await tryTo('wrong')).toBe(401);

    expect(device).toContain('; HttpOnly');
    expect(await tryTo(PASSWORD)).toBe(401);
    expect(await tryTo(PASSWORD, device?.split(';')[0])).toBe(200);
  });
});

describe('a new password', () => {
  const change = (current: string, { cookie, session }: Awaited<ReturnType<typeof signIn>>) =>
    ask('/api/v1/session/password', {
      method: 'PUT',
      body: { current, password: 'another long password' },
      cookie,
      csrf: session.csrf,
    });

  it('is set by who knows the one before, and ends the other sessions', async () => {
    const other = await signIn();
    const own = await signIn();

    expect((await change(PASSWORD, own)).status).toBe(204);
    expect([await isSignedIn(own.cookie), await isSignedIn(other.cookie)]).toEqual([true, false]);
  });

  it('is not found by trying: wrong ones lock the name, whoever has its session', async () => {
    const own = await signIn();
    for (let tries = 0; tries < 5; tries++) expect((await change('wrong', own)).status).toBe(401);

    expect((await change(PASSWORD, own)).status).toBe(401);
    expect(await listUsers(database.store)).toMatchObject([{ name: 'ann', failures: 5 }]);
  });
});
