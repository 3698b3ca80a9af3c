import { ROLES, ROUTES, type Role, type RouteContract } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import { scopeOf } from '@bulwark/store';
import { writeTree } from '@bulwark/testkit';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.ts';
import { BUILD } from '../build-record.testing.ts';
import { streamFile } from '../handlers/stream-file.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { Handlers, RequestContext } from './handler.ts';
import { createServer, type ServerOptions } from './server.ts';

const NOW = new Date('2026-11-26T10:00:00Z');
const CSRF = 'the-csrf-token';

const EVERYTHING = { clusters: 'all', namespaces: 'all' } as const;

const LIMITS: readonly Caller['limits'][] = [
  EVERYTHING,
  { clusters: [1], namespaces: 'all' },
  { clusters: 'all', namespaces: ['pay'] },
  { clusters: [1], namespaces: ['pay'] },
  { clusters: 'all', namespaces: ['pay*'] },
  { clusters: [1], namespaces: ['*'] },
  { clusters: [], namespaces: [] },
];

/** Permissions for what lies in no cluster and no namespace: limits leave nothing of it. */
const GLOBAL: ReadonlySet<string> = new Set(['administer', 'measure']);

/** What lets somebody in: a token that could do it would have made what outlives it. */
const BY_PEOPLE: ReadonlySet<string> = new Set(['createUser', 'updateUser', 'linkUser', 'createToken']);

function caller(role: Role, via: Caller['via'] = 'token', limits: Caller['limits'] = EVERYTHING): Caller {
  return {
    user: 'ann',
    person: 'ann',
    userId: 1,
    role,
    limits,
    scope: scopeOf(limits),
    via,
    countedAs: `${via} ann`,
    csrf: CSRF,
    expires: new Date(NOW.getTime() + 60_000),
  };
}

const open: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Made {
  readonly server: FastifyInstance;
  readonly audit: AuditEntry[];
  readonly faults: unknown[];
  readonly reached: string[];
}

/** A server whose handlers only say that they were reached. */
async function make(
  who: Caller | undefined,
  more: Partial<ServerOptions> = {},
  own: Partial<Record<string, (context: RequestContext) => unknown>> = {},
): Promise<Made> {
  const audit: AuditEntry[] = [];
  const faults: unknown[] = [];
  const reached: string[] = [];
  const handlers = Object.fromEntries(
    Object.keys(ROUTES).map((id) => [
      id,
      (_input: unknown, context: RequestContext) => {
        reached.push(id);
        const answer = own[id];
        if (answer !== undefined) return answer(context);
        throw new AppError('not-found');
      },
    ]),
  ) as unknown as Handlers;
  const server = await createServer({
    handlers,
    callerOf: async () => who,
    audit: async (entry) => {
      audit.push(entry);
    },
    now: () => NOW,
    onFault: (fault) => faults.push(fault),
    isSecure: false,
    version: '1.2.3',
    ...more,
  });
  open.push(server);
  return { server, audit, faults, reached };
}

const ALL: readonly RouteContract[] = Object.values(ROUTES);

function urlOf(contract: RouteContract): string {
  const path = contract.path.replaceAll(/:(id|cluster)\b/g, '1').replaceAll(/:\w+/g, 'x');
  if (contract.id.startsWith('compare') || contract.id === 'exportComparison')
    return `${path}?from=${NOW.toISOString()}`;
  return contract.id === 'complete' ? `${path}?list=findings` : path;
}

const ROUTE = {
  channel: 1,
  severity: 'high',
  owners: 'all',
  namespaces: ['pay*'],
  digestMinutes: 0,
  tellsResolved: true,
};

const VIEW = { name: 'Worst', isShared: false, view: { q: 'severity:critical' } };

/** A body that passes validation where one is needed. */
const BODIES: Readonly<Record<string, unknown>> = {
  signIn: { user: 'ann', password: 'p' },
  changePassword: { password: 'a long enough one' },
  triageFindings: { findings: [{ cluster: 1, fingerprint: 'f' }], acknowledged: true },
  commentFinding: { text: 'hello' },
  previewException: { scope: { controls: ['x'] }, reason: 'because' },
  createException: { scope: { controls: ['x'] }, reason: 'because' },
  refuseException: { reason: 'because' },
  previewSelection: { q: 'severity:high' },
  triageSelection: { matches: 1, digest: 'd', acknowledged: true },
  exceptSelection: { matches: 1, digest: 'd', reason: 'because' },
  createView: VIEW,
  updateView: VIEW,
  createUser: { name: 'bob', role: 'viewer' },
  updateUser: { role: 'viewer' },
  createToken: { name: 'ci', role: 'ci', days: 30 },
  createChannel: { type: 'slack', name: 'chat', url: 'https://chat.example/hook' },
  updateChannel: { type: 'slack', name: 'chat' },
  createRoute: ROUTE,
  updateRoute: ROUTE,
  createBuildRecord: { ...BUILD, at: NOW.toISOString(), manifests: [] },
  deliverAuditLog: { kind: 'EventList', items: [] },
};

async function ask(server: FastifyInstance, contract: RouteContract, headers: Record<string, string> = {}) {
  const body = BODIES[contract.id];
  return server.inject({
    method: contract.method,
    url: urlOf(contract),
    headers,
    ...(body !== undefined && { payload: body as object }),
  });
}

describe('every route', () => {
  it.each(ALL.map((contract) => [contract.id, contract] as const))(
    '%s lets in whom its permission names, and nobody else',
    async (id, contract) => {
      for (const role of Object.keys(ROLES) as Role[]) {
        let who = caller(role);
        const { server, reached } = await make(undefined, { callerOf: async () => who });
        const permissions: readonly string[] = ROLES[role];
        for (const limits of LIMITS) {
          for (const via of ['token', 'session'] as const) {
            who = caller(role, via, limits);
            const { statusCode } = await ask(server, contract, { 'x-csrf-token': CSRF });
            const isAllowed =
              permissions.includes(contract.permission) &&
              (limits === EVERYTHING || !GLOBAL.has(contract.permission)) &&
              (via === 'session' || !BY_PEOPLE.has(id));
            expect([role, limits, via, reached.splice(0), statusCode]).toEqual([
              role,
              limits,
              via,
              isAllowed ? [id] : [],
              isAllowed ? 404 : 403,
            ]);
          }
        }
      }
      const { server, reached } = await make(undefined);
      const { statusCode } = await ask(server, contract);
      expect([reached.includes(id), statusCode]).toEqual(
        contract.permission === 'public' ? [true, 404] : [false, 401],
      );
    },
  );

  it.each(ALL.filter(({ method }) => method !== 'GET').map((contract) => [contract.id, contract] as const))(
    '%s takes a change from a session only with its token, and from no other site',
    async (id, contract) => {
      const { server, reached } = await make(caller('admin', 'session'));
      if (contract.permission !== 'public') {
        expect((await ask(server, contract)).statusCode).toBe(403);
        expect((await ask(server, contract, { 'x-csrf-token': 'other' })).statusCode).toBe(403);
      }
      const elsewhere = { 'x-csrf-token': CSRF, 'sec-fetch-site': 'cross-site' };
      expect((await ask(server, contract, elsewhere)).statusCode).toBe(403);
      expect(
        (await ask(server, contract, { 'x-csrf-token': CSRF, origin: 'https://evil.example' })).statusCode,
      ).toBe(403);
      expect(reached).toEqual([]);
      await ask(server, contract, { 'x-csrf-token': CSRF, 'sec-fetch-site': 'same-origin' });
      expect(reached).toEqual([id]);
    },
  );
});

describe('limits', () => {
  it.each([
    { limits: { clusters: 'all', namespaces: ['shop'] } },
    { limits: { clusters: 'all', namespaces: ['*'] } },
    { limits: { clusters: [1], namespaces: 'all' } },
  ] as const)('to $limits leave an administrator nothing to administer', async ({ limits }) => {
    const { server, audit, reached } = await make({ ...caller('admin'), limits });
    for (const contract of ALL) {
      const { statusCode } = await ask(server, contract);
      const isAllowed = !GLOBAL.has(contract.permission);
      expect([contract.id, statusCode]).toEqual([contract.id, isAllowed ? 404 : 403]);
    }
    expect(reached).not.toContain('createToken');
    expect(audit).toContainEqual(expect.objectContaining({ action: 'createToken', outcome: 'refused' }));
  });
});

/** Lists that take a query of fields of their own, by the name by which it is completed. */
const QUERIED = [
  'findings',
  'workloads',
  'resources',
  'namespaces',
  'changes',
  'secrets',
  'coverage',
  'exceptions',
  'builds',
  'controls',
  'teams',
];

describe('the server', () => {
  it('says problems as RFC 9457, and keeps its own faults to itself', async () => {
    const secret = new Error('password=hunter2');
    const { server, faults } = await make(
      caller('admin'),
      {},
      {
        listUsers: () => {
          throw secret;
        },
      },
    );

    const answer = await server.inject('/api/v1/users');

    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toEqual({
      type: 'https://bulwark.dev/problems/internal',
      title: 'A fault of Bulwark; its log says more.',
      status: 500,
      code: 'internal',
    });
    expect(faults).toEqual([secret]);
  });

  it.each([
    { what: 'is told what broke it off', broken: new Error('no such column'), told: 1 },
    {
      what: 'is not told that the database went away',
      broken: Object.assign(new Error('x'), { code: '57P01' }),
      told: 0,
    },
  ])('$what in the middle of an answer', async ({ broken, told }) => {
    async function* pieces(): AsyncGenerator<string> {
      yield 'a part\n';
      throw broken;
    }
    const { server, faults } = await make(
      caller('admin'),
      {},
      { exportFindings: (context) => streamFile(context, { name: 'x', type: 'text/csv' }, pieces()) },
    );
    const address = await server.listen({ host: '127.0.0.1', port: 0 });

    await expect(
      fetch(`${address}/api/v1/findings/export?format=csv`).then((answer) => answer.text()),
    ).rejects.toThrow();

    expect(faults).toEqual(told === 1 ? [broken] : []);
  });

  it.each([
    { what: 'an unknown parameter', url: '/api/v1/findings?surprise=1', status: 400 },
    { what: 'a number that no row has', url: '/api/v1/clusters/2147483648', status: 400 },
    { what: 'a query of a list that takes none', url: '/api/v1/audit?q=actor:ann', status: 400 },
    { what: 'an order of a list that has its own', url: '/api/v1/audit?sort=actor', status: 400 },
    { what: 'a page of owners, who are all told', url: '/api/v1/owners?limit=1', status: 400 },
    { what: 'a limit that is too high', url: '/api/v1/findings?limit=501', status: 400 },
    { what: 'an address that is no text', url: '/%c0', status: 400 },
    { what: 'an address that is not there', url: '/api/v1/nothing', status: 404 },
    { what: 'a path out of its folder', url: '/assets/../../etc/passwd', status: 404 },
  ])('refuses $what', async ({ url, status }) => {
    const { server } = await make(caller('admin'));

    const answer = await server.inject(url);

    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status });
  });

  it.each(['\0', '\ud800'])('refuses a text that the database cannot hold (%j)', async (part) => {
    const { server, reached } = await make(caller('admin', 'session'));

    const answers = await Promise.all(
      [
        { ...VIEW, name: `a${part}` },
        { ...VIEW, view: { q: `a${part}` } },
      ].map((payload) =>
        server.inject({ method: 'POST', url: '/api/v1/views', payload, headers: { 'x-csrf-token': CSRF } }),
      ),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400]);
    expect(reached).toEqual([]);
  });

  it.each([
    { what: 'a body that is no JSON', payload: '{', type: 'application/json', status: 400 },
    { what: 'a body that is a form', payload: 'a=b', type: 'application/x-www-form-urlencoded', status: 415 },
    {
      what: 'a body that is too large',
      payload: JSON.stringify({ name: 'x'.repeat(300_000) }),
      type: 'application/json',
      status: 413,
    },
    {
      what: 'a body with a cluster that no row has',
      payload: JSON.stringify({
        name: 'ann',
        role: 'viewer',
        limits: { clusters: [2_147_483_648], namespaces: 'all' },
      }),
      type: 'application/json',
      status: 400,
    },
    {
      what: 'a body that reaches for prototypes',
      payload: '{"__proto__":{"role":"admin"},"name":"a","role":"ci"}',
      type: 'application/json',
      status: 400,
    },
    {
      what: 'a user who would pass for a token',
      payload: '{"name":"token ci","role":"viewer"}',
      type: 'application/json',
      status: 400,
    },
    ...['root (terminal)', 'ann ', ' ann', 'an\u200bn', 'ann\u202etxt', 'a\nb'].map((name) => ({
      what: `a user who would pass for somebody else: ${JSON.stringify(name)}`,
      payload: JSON.stringify({ name, role: 'viewer' }),
      type: 'application/json',
      status: 400,
    })),
    {
      what: 'a body that is nested without end',
      payload: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      type: 'application/json',
      status: 400,
    },
  ])('refuses $what', async ({ payload, type, status }) => {
    const { server, reached } = await make(caller('admin', 'session'));

    const answer = await server.inject({
      method: 'POST',
      url: '/api/v1/users',
      payload,
      headers: { 'content-type': type, 'x-csrf-token': CSRF },
    });

    expect(answer.statusCode).toBe(status);
    expect(reached).toEqual([]);
  });

  it.each(['/livez?asOf=x', '/readyz?since=1d', '/api/v1/users?asOf=x'])(
    'hands on no parameter of a route that takes none: %s',
    async (url) => {
      const given: unknown[] = [];
      const answer = { status: 'ok', notReady: [], items: [] };
      const note = (input: unknown) => {
        given.push(input);
        return answer;
      };
      const { server } = await make(caller('admin'), {
        handlers: { live: note, ready: note, listUsers: note } as unknown as Handlers,
      });

      await server.inject(url);

      expect(given).toEqual([{ params: undefined, query: undefined, body: undefined }]);
    },
  );

  it('answers what it finds no answer to in time, so that no browser sends it again', async () => {
    const waiting = () => new Promise(() => undefined);
    const handled = await make(caller('admin'), { lateMs: 50 }, { testChannel: waiting });
    let letIn: (who: Caller) => void = () => undefined;
    const callerOf = () => new Promise<Caller>((resolve) => (letIn = resolve));
    const heldUp = await make(undefined, { lateMs: 50, callerOf });

    for (const { server } of [handled, heldUp]) {
      const answer = await server.inject({ method: 'POST', url: '/api/v1/channels/1/test' });
      expect(answer.statusCode).toBe(504);
      expect(answer.json()).toMatchObject({ code: 'no-answer', status: 504 });
    }
    letIn(caller('admin'));
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(handled.reached).toEqual(['testChannel']);
    // Nothing is done any more for whom it was said that there is no answer.
    expect(heldUp.reached).toEqual([]);
    expect([...handled.faults, ...heldUp.faults]).toEqual([]);
  });

  it('writes every change to its audit log, refused and failed ones too', async () => {
    const { server, audit } = await make(caller('viewer', 'session'));
    const headers = { 'x-csrf-token': CSRF };
    await server.inject({ method: 'DELETE', url: '/api/v1/users/7', headers });
    const token = { ...caller('admin'), user: 'token ci' };
    const admin = await make(token, {}, { deleteUser: () => undefined });
    await admin.server.inject({ method: 'DELETE', url: '/api/v1/users/7' });
    await admin.server.inject({ method: 'DELETE', url: '/api/v1/tokens/8' });

    expect(
      [...audit, ...admin.audit].map(
        ({ actor, action, subject, outcome }) => `${actor} ${action} ${subject} ${outcome}`,
      ),
    ).toEqual([
      'ann deleteUser id=7 refused',
      'token ci of ann deleteUser id=7 done',
      'token ci of ann revokeToken id=8 failed',
    ]);
  });

  it('writes what was made to its audit log by what tells it, and no secret', async () => {
    const { server, audit } = await make(
      caller('admin', 'session'),
      {},
      { createToken: () => ({ id: 7, name: 'ci', role: 'ci', secret: 'bwt_x' }) },
    );
    await server.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { 'x-csrf-token': CSRF },
      payload: BODIES['createToken'] as object,
    });

    expect(audit).toMatchObject([
      { actor: 'ann', action: 'createToken', subject: expect.stringMatching(/^id=7 name=ci role=ci/) },
    ]);
    expect(JSON.stringify(audit)).not.toContain('bwt_x');
  });

  it('writes no question to its audit log, and of a decision what was decided about what', async () => {
    const { server, audit } = await make(
      caller('admin'),
      {},
      {
        previewSelection: () => ({ matches: 2, digest: 'd' }),
        triageSelection: () => ({ changed: 2 }),
        exceptSelection: () => ({
          items: [
            { id: 4, state: 'requested' },
            { id: 5, state: 'requested' },
          ],
        }),
        revokeToken: ({ note }) => {
          note({ name: 'ci' });
          return undefined;
        },
      },
    );
    const selection = { q: 'severity:high team=x', matches: 2, digest: 'd' };
    const post = (url: string, payload: object) => server.inject({ method: 'POST', url, payload });
    await post('/api/v1/findings/selection', { q: selection.q });
    await post('/api/v1/findings/selection/triage', { ...selection, assignee: 'ann', comment: 'planted' });
    await post('/api/v1/findings/selection/exceptions', {
      ...selection,
      reason: 'a "good" one',
      until: '2027-01-01',
    });
    await server.inject({ method: 'DELETE', url: '/api/v1/tokens/8' });

    expect(audit.map(({ action, subject }) => `${action}: ${subject}`)).toEqual([
      'triageSelection: changed=2 query="severity:high team=x" findings=2 assignee=ann comment=yes',
      'exceptSelection: ids=4,5 state=requested query="severity:high team=x" findings=2 reason="a \\"good\\" one" until=2027-01-01',
      'revokeToken: id=8 name=ci',
    ]);
  });

  it('writes to its audit log who signed in, and that somebody could not', async () => {
    const { server, audit } = await make(undefined, {}, { signIn: () => ({ user: 'ann', role: 'admin' }) });
    const signIn = { method: 'POST', url: '/api/v1/session', payload: BODIES['signIn'] as object } as const;
    await server.inject(signIn);
    const refused = await make(undefined);
    await refused.server.inject(signIn);

    expect([...audit, ...refused.audit]).toMatchObject([
      { actor: 'ann', action: 'signIn', outcome: 'done' },
      { actor: '', action: 'signIn', outcome: 'failed' },
    ]);
  });

  it.each(QUERIED)('completes queries of the list %s', async (list) => {
    const { server, reached } = await make(caller('viewer'));

    await server.inject(`/api/v1/complete?list=${list}`);

    expect(reached).toEqual(['complete']);
  });

  it('sends nothing again that has not changed', async () => {
    const { server } = await make(caller('admin'), {}, { listUsers: () => ({ items: [] }) });

    const first = await server.inject('/api/v1/users');
    const second = await server.inject({
      url: '/api/v1/users',
      headers: { 'if-none-match': String(first.headers['etag']) },
    });

    expect([first.statusCode, second.statusCode, second.body]).toEqual([200, 304, '']);
    for (const { headers } of [first, second]) expect(headers['vary']).toBe('accept-encoding');
  });

  it.each<[string, (tag: string) => string, number]>([
    ['one of several tags', (tag) => `"other", ${tag}`, 304],
    ['the tag as a strong one', (tag) => tag.replace('W/', ''), 304],
    ['whatever there is', () => '*', 304],
    ['another tag', () => 'W/"other"', 200],
  ])('compares tags weakly, with %s', async (_what, given, status) => {
    const { server } = await make(caller('admin'), {}, { listUsers: () => ({ items: [] }) });
    const { headers } = await server.inject('/api/v1/users');

    const answer = await server.inject({
      url: '/api/v1/users',
      headers: { 'if-none-match': given(String(headers['etag'])) },
    });

    expect(answer.statusCode).toBe(status);
  });

  it('tells browsers to run nothing that is not its own', async () => {
    const { server } = await make(caller('admin'));

    const first = await server.inject('/livez');
    const second = await server.inject('/livez');

    const policy = String(first.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w+/=]+' 'strict-dynamic';/);
    expect(policy).not.toBe(second.headers['content-security-policy']);
    expect(first.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(first.headers['strict-transport-security']).toBeUndefined();
    const secure = await make(caller('admin'), { isSecure: true });
    expect((await secure.server.inject('/livez')).headers['strict-transport-security']).toContain('max-age');
  });

  it('describes itself, as a page and as a document', async () => {
    const { server } = await make(undefined);

    const page = await server.inject('/api/docs');
    const document = await server.inject('/api/openapi.json');

    expect(page.body).toContain('GET /api/v1/findings');
    expect(page.body).not.toContain('<script');
    expect(document.json()).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });

  it('answers people however much a program delivers from the same address', async () => {
    const { server } = await make(caller('admin'));
    const deliver = (): Promise<number> =>
      ask(server, ROUTES.deliverAuditLog).then(({ statusCode }) => statusCode);
    let last = 0;
    for (let count = 0; count < 2000 && last !== 429; count++) last = await deliver();

    expect(last).toBe(429);
    expect((await ask(server, ROUTES.listUsers)).statusCode).toBe(404);
  });

  it('counts who is signed in by session or token, and not by the address that they share with others', async () => {
    let who: Caller | undefined = caller('admin');
    const { server } = await make(undefined, { callerOf: async () => who });
    const list = (): Promise<number> => ask(server, ROUTES.listUsers).then(({ statusCode }) => statusCode);
    let last = 0;
    for (let count = 0; count < 3000 && last !== 429; count++) last = await list();

    expect(last).toBe(429);
    who = { ...caller('admin'), countedAs: 'token of another' };
    expect(await list()).toBe(404);
    who = undefined;
    expect(await list()).toBe(401);
  });

  it('counts by address who shows no session and no token, or one that nobody has', async () => {
    let who: Caller | undefined;
    const { server } = await make(undefined, { callerOf: async () => who });
    const list = (headers: Record<string, string> = {}): Promise<number> =>
      ask(server, ROUTES.listUsers, headers).then(({ statusCode }) => statusCode);
    let last = 0;
    for (let count = 0; count < 3000 && last !== 429; count++)
      last = await list({ authorization: `Bearer guess-${count}` });

    expect(last).toBe(429);
    who = caller('admin');
    expect(await list()).toBe(404);
  });

  it('looks up who makes requests so often for one address, whatever tokens it makes up', async () => {
    let lookedUp = 0;
    const callerOf = async (): Promise<undefined> => {
      lookedUp++;
      return undefined;
    };
    const { server } = await make(undefined, { callerOf });
    const guess = (count: number) =>
      ask(server, ROUTES.listUsers, { authorization: `Bearer guess-${count}` });
    for (let count = 0; count < 30_000; count++) await guess(count);
    expect(lookedUp).toBe(30_000);

    const { statusCode, headers } = await guess(30_000);

    expect([statusCode, lookedUp]).toEqual([429, 30_000]);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }, 120_000);

  it('gives files of the page to as many as open it at one address', async () => {
    const tree = writeTree({ 'index.html': '', 'assets/page.js': 'let a;' });
    const { server } = await make(undefined, { page: { folder: tree.root } });
    const statuses = new Set<number>();
    for (let count = 0; count < 700; count++)
      statuses.add((await server.inject('/assets/page.js')).statusCode);
    tree.remove();

    expect([...statuses]).toEqual([200]);
  });

  it('lets nobody try names and passwords without end', async () => {
    const { server } = await make(undefined);
    const payload = { user: 'ann', password: 'p' };
    const statuses: number[] = [];
    for (let count = 0; count < 25; count++)
      statuses.push((await server.inject({ method: 'POST', url: '/api/v1/session', payload })).statusCode);

    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(404));
    expect(statuses.slice(20)).toEqual(Array(5).fill(429));
  });

  it('lets nobody try what the password of a session is without end', async () => {
    const { server } = await make(caller('viewer', 'session'));
    const statuses: number[] = [];
    for (let count = 0; count < 25; count++)
      statuses.push((await ask(server, ROUTES.changePassword, { 'x-csrf-token': CSRF })).statusCode);

    expect(statuses).toEqual([...Array(20).fill(404), ...Array(5).fill(429)]);
  });
});
