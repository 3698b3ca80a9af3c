import { readdirSync } from 'node:fs';
import { ROLES, ROLES_OF_PEOPLE } from '@bulwark/api';
import { listAudit, openStore, registerCluster, startEmbedded } from '@bulwark/store';
import { writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../command-line.ts';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

const TOKEN = /^bwt_[\w-]{43}\n$/;

describe('hub token', () => {
  let hub: ListeningHub;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    const now = new Date();
    const place = { uid: 'u', caHash: 'c', server: 'https://prod', version: 'v1.34.0', isDemo: false };
    await registerCluster(hub.store, { ...place, name: 'prod' }, now);
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  function run(args: readonly string[], folder = hub.folder) {
    return bulwark(['hub', 'token', ...args, '--data-dir', folder, '--no-config'], '/');
  }

  it('makes one beside a running hub, by which the hub lets in who has it', async () => {
    const { code, out, err } = await run(['create', 'shop pipeline', '--role', 'ci', '--days', '7']);

    expect([code, out]).toEqual([0, expect.stringMatching(TOKEN)]);
    expect(err).toMatch(/^Token \d+: shop pipeline, ci, until \d{4}-\d\d-\d\d\. It is shown this once\.\n$/);
    const answer = await fetch(`${hub.url}/api/v1/session`, {
      headers: { authorization: `Bearer ${out.trim()}` },
    });
    expect(await answer.json()).toMatchObject({ user: 'token shop pipeline', role: 'ci' });
    const [entry] = await listAudit(hub.store, 1);
    expect(entry).toMatchObject({ action: 'createToken', actor: expect.stringMatching(/ \(terminal\)$/) });
  });

  it('takes limits by name, and lists what there is without what it is', async () => {
    const made = await run(['create', 'limited', '--role', 'viewer', '--cluster', 'prod', '-n', 'shop,pay*']);
    const { code, out } = await run(['list']);

    expect([made.code, made.err, code]).toEqual([0, expect.stringContaining('viewer, clusters prod, '), 0]);
    expect(out).toMatch(
      /^\d+ {2}limited, viewer, clusters prod, namespaces shop pay\*, until [\d-]+, never used$/m,
    );
    expect(out).not.toContain('bwt_');
  });

  it('ends one, and the hub lets nobody in by it any more', async () => {
    const { out, err } = await run(['create', 'gone', '--role', 'viewer']);
    const id = /^Token (\d+)/.exec(err)?.[1] ?? '';

    expect(await run(['revoke', id])).toEqual({ code: 0, out: `Token ${id} is revoked.\n`, err: '' });

    const headers = { authorization: `Bearer ${out.trim()}` };
    expect((await fetch(`${hub.url}/api/v1/session`, { headers })).status).toBe(401);
    expect((await run(['revoke', id])).err).toContain(`there is no token ${id}`);
  });

  it.each([
    { args: ['create', 'x'], says: '--role' },
    { args: ['create', 'x', '--role', 'root'], says: 'Allowed choices are admin, editor, viewer, ci' },
    { args: ['create', 'x', '--role', 'ci', '--days', '400'], says: '1 to 366 days' },
    { args: ['create', '', '--role', 'ci'], says: 'a token needs a name' },
    {
      args: ['create', 'a\u202eb', '--role', 'ci'],
      says: 'name must not hold characters that cannot be seen',
    },
    {
      args: ['create', 'x', '--role', 'ci', '--cluster', 'prdo'],
      says: 'unknown cluster "prdo"; did you mean "prod"?',
    },
    {
      args: ['create', 'x', '--role', 'viewer', '-n', 'shop,Pay*'],
      says: '"Pay*" must be the name of a namespace, or a pattern of names such as pay*',
    },
    { args: ['revoke', 'x'], says: 'whole number' },
  ])('refuses $args', async ({ args, says }) => {
    const { code, out, err } = await run(args);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
  });

  it('says where there is no database, and makes none', async () => {
    const { code, err } = await run(['list'], `${hub.folder}/nothing`);

    expect([code, err]).toEqual([2, expect.stringContaining('there is no database of a hub in')]);
  });

  it('says where the data is not for whoever asks, and makes no other password', async () => {
    const tree = writeTree({ 'data-18/PG_VERSION': '18' });

    const { code, err } = await run(['list'], tree.root);
    const left = readdirSync(tree.root);
    tree.remove();

    expect([code, err]).toEqual([2, expect.stringContaining('run this as the user who runs the hub')]);
    expect(left).toEqual(['data-18']);
  });

  it.each([
    ['token', Object.keys(ROLES)],
    ['user', ROLES_OF_PEOPLE],
  ])('knows the roles that the API gives to a %s', (what, roles) => {
    const hubCommand = buildProgram('0', () => undefined).commands.find((each) => each.name() === 'hub');
    const create = hubCommand?.commands
      .find((each) => each.name() === what)
      ?.commands.find((each) => each.name() === 'create');

    expect(create?.options.find(({ long }) => long === '--role')?.argChoices).toEqual(roles);
  });
});

describe('hub user', () => {
  let hub: ListeningHub;

  beforeAll(async () => {
    hub = await ListeningHub.start();
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  const run = (...args: string[]) =>
    bulwark(['hub', 'user', ...args, '--data-dir', hub.folder, '--no-config', '--public-url', hub.url], '/');

  async function signIn(printed: string) {
    const [url = '', link = ''] = printed.trim().split('/#link=');
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link }),
    });
    return [answer.status, ((await answer.json()) as { role?: string }).role];
  }

  it('adds one who may sign in once by the link, and lets a known one in anew', async () => {
    const made = await run('create', 'ben', '--role', 'viewer', '-n', 'shop');
    const again = await run('link', 'ben');

    expect([made.code, again.code]).toEqual([0, 0]);
    expect(await signIn(made.out)).toEqual([200, 'viewer']);
    expect(await signIn(made.out)).toEqual([401, undefined]);
    expect(await signIn(again.out)).toEqual([200, 'viewer']);
    expect(await signIn((await run('link', 'admin')).out)).toEqual([200, 'admin']);
  });

  it.each([
    { args: ['create', 'admin', '--role', 'viewer'], says: 'There is a user admin already.' },
    { args: ['create', 'Admin', '--role', 'viewer'], says: 'There is a user admin already, and capitals' },
    { args: ['create', 'ben', '--role', 'ci'], says: 'Allowed choices are viewer, editor, admin.' },
    { args: ['link', 'admn'], says: 'unknown user "admn"; did you mean "admin"?' },
  ])('refuses $args', async ({ args, says }) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', err: expect.stringContaining(says) });
  });
});

describe('hub token, where no hub runs', () => {
  it(
    'starts the database that is there for as long as it takes, and changes no schema',
    async () => {
      const hub = await ListeningHub.start();
      await hub.halt();
      try {
        const folder = ['--data-dir', hub.folder, '--no-config'];
        const made = await bulwark(['hub', 'token', 'create', 'a', '--role', 'ci', ...folder], '/');
        expect([made.code, made.out]).toEqual([0, expect.stringMatching(TOKEN)]);

        const server = await startEmbedded({ folder: hub.folder });
        const store = await openStore({ url: server.url, now: new Date() });
        await store.pool.query('drop table migration');
        await store.close();
        const empty = await bulwark(['hub', 'token', 'list', '--no-config'], '/', {
          env: { BULWARK_DATABASE_URL: server.url.reveal() },
        });
        await server.stop();
        expect([empty.code, empty.err]).toEqual([2, 'error: No hub was started with this database yet.\n']);
      } finally {
        hub.remove();
      }
    },
    HUB_WITHIN_MS,
  );
});
