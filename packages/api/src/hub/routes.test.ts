import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressOf, HubClient, HubError } from './client.ts';
import { PERMISSIONS, ROLES, type RouteContract } from './contract.ts';
import { openApi } from './openapi.ts';
import { ROUTES } from './routes.ts';

const ALL = Object.entries<RouteContract>(ROUTES);

const TELLS = { severity: 'high', owners: 'all', namespaces: 'all', digestMinutes: 0, tellsResolved: true };

function typeOf(field: z.ZodType): unknown {
  return z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }).type;
}

describe('the routes', () => {
  it('are each known by their own id, method and path', () => {
    expect(ALL.filter(([name, { id }]) => name !== id)).toEqual([]);
    expect(new Set(ALL.map(([, { method, path }]) => `${method} ${path}`)).size).toBe(ALL.length);
  });

  it.each(ALL)(
    '%s declares what it needs, says what it does, and describes its parameters',
    (_name, contract) => {
      const inPath = [...contract.path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort();

      expect(PERMISSIONS).toContain(contract.permission);
      expect(contract.summary).toMatch(/^[A-Z].*\.$/);
      expect(Object.keys(contract.params?.shape ?? {}).sort()).toEqual(inPath);
      expect(contract.method === 'GET' && contract.body !== undefined).toBe(false);
      expect(contract.response !== undefined && contract.stream !== undefined).toBe(false);
    },
  );

  it.each(ALL.filter(([, { query }]) => query !== undefined))(
    '%s refuses a query parameter it does not know',
    (_name, { query }) => {
      expect(query?.safeParse({ surprise: '1' }).error?.issues.map(({ code }) => code)).toContain(
        'unrecognized_keys',
      );
    },
  );

  it.each([
    [ROUTES.triageFindings, (cluster: number) => ({ findings: [{ cluster, fingerprint: 'f' }] })],
    [ROUTES.previewSelection, (cluster: number) => ({ cluster })],
    [ROUTES.createException, (cluster: number) => ({ scope: { clusters: [cluster] }, reason: 'because' })],
    [
      ROUTES.createToken,
      (cluster: number) => ({
        name: 'ci',
        role: 'ci',
        days: 1,
        limits: { clusters: [cluster], namespaces: 'all' },
      }),
    ],
    [ROUTES.createRoute, (channel: number) => ({ ...TELLS, channel })],
    [
      ROUTES.createView,
      (cluster: number) => ({ name: 'Mine', isShared: false, view: { q: 'severity:high', cluster } }),
    ],
  ] as const)('$id refuses a number that no row can have', ({ body }, of) => {
    expect([2 ** 31 - 1, 2 ** 31].map((number) => body.safeParse(of(number)).success)).toEqual([true, false]);
  });

  it.each(
    ALL.flatMap(([id, { params, query }]) =>
      Object.entries({ ...params?.shape, ...query?.shape })
        .filter(([, field]) => typeOf(field) === 'integer')
        .map(([name, field]) => ({ id, name, field })),
    ),
  )('$id takes $name in decimal digits alone', ({ field }) => {
    const taken = ['1', '0x1', ' 1', '1 ', '1e0', '+1', '1.0', '1_0', '\u0661', ''].filter(
      (text) => field.safeParse(text).success,
    );

    expect(taken).toEqual(['1']);
  });

  it.each([
    { name: 'a new user', body: ROUTES.createUser.body, more: { name: 'ann' } },
    { name: 'a user who is there', body: ROUTES.updateUser.body, more: {} },
  ])('give $name no role that is for tokens', ({ body, more }) => {
    const words = 'must be viewer or editor or admin: other roles are for tokens, and see nothing';

    for (const role of Object.keys(ROLES)) {
      const issues = body.safeParse({ ...more, role }).error?.issues ?? [];
      const isOfPeople = ['viewer', 'editor', 'admin'].includes(role);
      expect(issues.map(({ path, message }) => [path, message])).toEqual(
        isOfPeople ? [] : [[['role'], words]],
      );
    }
  });

  it.each([
    'controls',
    'clusters',
    'namespaces',
    'kinds',
    'names',
    'labels',
    'containers',
    'images',
    'fingerprints',
  ])('that make an exception refuse one whose %s are none', (part) => {
    const none = part === 'labels' ? {} : [];
    const some = part === 'labels' ? { app: 'web' } : part === 'clusters' ? [1] : ['a'];
    const isTaken = (value: unknown): boolean =>
      ROUTES.createException.body.safeParse({
        scope: { names: ['web'], [part]: value },
        reason: 'because',
      }).success;

    expect([isTaken(none), isTaken(some)]).toEqual([false, true]);
  });

  it('that change something are open to nobody but those who are signed in, the sign-in apart', () => {
    const open = ALL.filter(([, { method, permission }]) => method !== 'GET' && permission === 'public');

    expect(open.map(([name]) => name)).toEqual(['signIn']);
  });
});

describe('the OpenAPI document', () => {
  const document = openApi('1.2.3') as {
    readonly info: { readonly version: string };
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
  };

  it('has every route', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );

    expect(ids.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
    expect(document.info.version).toBe('1.2.3');
    expect(Object.keys(document.paths)).toContain('/api/v1/clusters/{cluster}/findings/{fingerprint}');
  });

  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('the client', () => {
  const answer = (status: number, text: string) => async () => ({ status, text: async () => text });

  it('fills in an address so that no name can change it', () => {
    const address = addressOf(
      ROUTES.getFinding,
      { cluster: 1, fingerprint: '../a?b#c' },
      { asOf: undefined },
    );

    expect(address).toBe('/api/v1/clusters/1/findings/..%2Fa%3Fb%23c');
  });

  it('checks what it is answered', async () => {
    for (const text of ['{"status":"fine"}', '<html>', ''])
      await expect(new HubClient(answer(200, text), '').call('live', {})).rejects.toMatchObject({
        problem: { status: 200, code: 'unexpected-answer' },
      });
    expect(await new HubClient(answer(200, '{"status":"ok"}'), '').call('live', {})).toEqual({
      status: 'ok',
    });
    expect(await new HubClient(answer(204, ''), '').call('signOut', {})).toBeUndefined();
  });

  it('says in the words of the hub why it was refused', async () => {
    const refusal = { type: 't', title: 'No.', status: 403, code: 'not-allowed', detail: 'Ask.' };
    const refused = new HubClient(answer(403, JSON.stringify(refusal)), '').call('listClusters', {});
    const broken = new HubClient(answer(502, '<html>'), '').call('listClusters', {});

    await expect(refused).rejects.toMatchObject({ message: 'Ask.', problem: refusal });
    await expect(broken).rejects.toBeInstanceOf(HubError);
  });
});
