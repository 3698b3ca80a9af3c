import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES, type RouteContract, type RouteId, type Session } from '@bulwark/api';
import { createUser } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issueLink, issueToken } from '../access/issue.ts';
import { BUILD } from '../build-record.testing.ts';
import { hubOptionsForTests } from '../hub.testing.ts';
import { type Hub, startHub } from '../hub.ts';
import { TestHub } from './test-cluster.ts';

const START_MS = 240_000;
const NOON = new Date('2026-11-26T12:00:00Z');
const LATER = '2026-12-01T12:00:00Z';
const EVERYTHING = { clusters: 'all', namespaces: 'all' } as const;
const AT_ONCE = 8;
/** Large bodies are read three at a time, and more are refused. */
const LARGE_AT_ONCE = 2;

/** Text that no compression makes short enough for an index. */
function noise(length: number, first = 97, different = 26): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(first + (state % different));
  }).join('');
}

/** What may stand in the place of any value, as JSON. */
const IN_BODIES = [
  ...['2147483648', '9007199254740993', '-1', '1e400', '1.5', 'null', '[]', '{}'],
  ...[
    '',
    noise(10_000),
    noise(500),
    '\0',
    '\ud800',
    '0x1',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
  ].map((text) => JSON.stringify(text)),
];

/** The same in an address. */
const IN_ADDRESSES = [
  ...['', '2147483648', '9007199254740993', '-1', '1e400', '1.5', '0x1', '%201', '%00', '%ED%A0%80'],
  ...[noise(10_000), noise(500), '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59'].map(encodeURIComponent),
];

const SCOPE = {
  controls: ['host-pid'],
  clusters: [1],
  namespaces: ['shop'],
  kinds: ['Pod'],
  names: ['agent'],
  labels: { app: 'agent' },
  containers: ['app'],
  images: ['x'],
  fingerprints: ['0123456789abcdef0123456789abcdef'],
};
const EXCEPTION = { scope: SCOPE, reason: 'It is known.', owner: 'shop', until: '2026-12-01' };
const SELECTION = { q: 'severity:high', cluster: 1, namespace: 'shop' };
const TRIAGE = { assignee: null, acknowledged: true, deferredUntil: LATER };
const EXPECTED = { matches: 0, digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
const LIMITS = { clusters: [1], namespaces: ['shop'] };
const VIEW = { q: 'severity:high', sort: 'age', by: 'control', cluster: 1, namespace: 'shop' };
const MAIL = {
  type: 'smtp',
  name: 'mail',
  host: 'mail.invalid',
  port: 25,
  implicitTls: true,
  from: 'hub@example.com',
  to: ['team@example.com'],
  contactDomains: ['example.com'],
  user: 'hub',
  password: 'secret',
};
const HOOK = {
  type: 'webhook',
  name: 'hook',
  url: 'https://hook.invalid/x',
  signingKey: 'a key of some length',
};
const ROUTE = {
  channel: 1,
  severity: 'high',
  owners: ['shop', null],
  namespaces: ['shop'],
  digestMinutes: 5,
  tellsResolved: true,
  about: 'findings',
  awayMinutes: 5,
  toContact: false,
};
const MANIFEST = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: { template: { spec: { containers: [{ name: 'app', image: 'example.com/web:1' }] } } },
};
const AUDIT_EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a',
  stage: 'ResponseComplete',
  requestURI: '/apis/apps/v1/namespaces/shop/deployments/web',
  verb: 'patch',
  user: { username: 'ann', groups: ['developers'] },
  impersonatedUser: { username: 'bob' },
  sourceIPs: ['192.0.2.7'],
  userAgent: 'kubectl',
  objectRef: {
    resource: 'deployments',
    namespace: 'shop',
    name: 'web',
    uid: 'u',
    apiGroup: 'apps',
    apiVersion: 'v1',
  },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: NOON.toISOString(),
  stageTimestamp: NOON.toISOString(),
};

/** Bodies that are taken, between them with every field that there is. */
const BODIES: Partial<Record<RouteId, readonly object[]>> = {
  signIn: [{ user: 'ann', password: 'wrong' }, { link: 'bwl_x' }],
  changePassword: [{ current: 'wrong', password: 'a long enough one' }],
  triageFindings: [{ findings: [{ cluster: 1, fingerprint: 'f' }], ...TRIAGE }],
  commentFinding: [{ text: 'hello' }],
  previewSelection: [SELECTION],
  triageSelection: [{ ...SELECTION, ...EXPECTED, ...TRIAGE, comment: 'hello' }],
  exceptSelection: [
    { ...SELECTION, ...EXPECTED, reason: 'It is known.', owner: 'shop', until: '2026-12-01' },
  ],
  previewException: [EXCEPTION],
  createException: [EXCEPTION],
  refuseException: [{ reason: 'No.' }],
  createView: [{ name: 'Mine', isShared: true, view: VIEW }],
  updateView: [{ name: 'Mine', isShared: true, view: VIEW }],
  createUser: [{ name: 'cid', role: 'viewer', limits: LIMITS }],
  updateUser: [{ role: 'viewer', limits: LIMITS, isLocked: false }],
  createToken: [{ name: 'ci', role: 'ci', days: 1, limits: LIMITS }],
  createChannel: [MAIL, HOOK],
  updateChannel: [MAIL, HOOK],
  createRoute: [ROUTE],
  updateRoute: [ROUTE],
  createBuildRecord: [
    {
      ...BUILD,
      ref: 'main',
      run: 'https://ci.example/1',
      author: 'ann',
      at: NOON.toISOString(),
      manifests: [MANIFEST],
      images: [{ name: 'example.com/web', digest: `sha256:${'a'.repeat(64)}`, made: true }],
    },
  ],
  deliverAuditLog: [{ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [AUDIT_EVENT] }],
};

const ALL = Object.entries<RouteContract>(ROUTES).filter(([, { stream }]) => stream !== 'events') as [
  RouteId,
  RouteContract,
][];

let recorded: TestHub;
let hub: Hub;
let folder: string;
let session: Readonly<Record<string, string>>;
/** What stands in paths, by the segment before it or by its name. */
let parts: Readonly<Record<string, string>>;
const said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-hostile-'));
  recorded = await TestHub.start(NOON);
  const { store } = recorded;
  const cluster = await recorded.cluster('prod', { 'apps/Deployment': 'live' });
  await cluster.show(
    JSON.stringify({ ...MANIFEST, spec: { template: { spec: { hostPID: true, containers: [] } } } }),
  );
  await cluster.flush();
  hub = await startHub(
    hubOptionsForTests({
      databaseUrl: recorded.url,
      folder,
      now: () => recorded.now,
      say: (line) => said.push(line),
    }),
  );
  const admin = await createUser(store, { name: 'ann', role: 'admin', limits: EVERYTHING, createdAt: NOON });
  const link = await issueLink(store, admin.id, NOON);
  const signedIn = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  });
  const { csrf } = (await signedIn.json()) as Session;
  session = { cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '', 'x-csrf-token': csrf };
  const [found] = await cluster.rows<{ fingerprint: string }>(
    `select replace(fingerprint::text, '-', '') as fingerprint from finding where cluster_id = $1 limit 1`,
  );
  const made = async (id: RouteId): Promise<string> => {
    const answer = await ask(ROUTES[id], { headers: session, body: JSON.stringify(BODIES[id]?.[0]) });
    expect(answer, id).toMatchObject({ status: 200 });
    return String((JSON.parse(answer.text) as { readonly id: number }).id);
  };
  parts = {
    users: await made('createUser'),
    channels: await made('createChannel'),
    routes: await made('createRoute'),
    views: await made('createView'),
    exceptions: await made('createException'),
    tokens: await made('createToken'),
    'build-records': await made('createBuildRecord'),
    clusters: String(cluster.id),
    changes: '1',
    frameworks: 'pss-baseline',
    fingerprint: found?.fingerprint ?? '',
    kind: 'Deployment.apps',
    namespace: 'shop',
    name: 'web',
  };
}, START_MS);

afterAll(async () => {
  await hub?.stop();
  await recorded?.stop();
  rmSync(folder, { recursive: true, force: true });
}, START_MS);

interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string;
}

async function ask({ method, path }: RouteContract, { headers, body, query = '', ...own }: Asked) {
  const answer = await fetch(`${hub.url}${own.path ?? path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

interface Hostile extends Omit<Asked, 'headers'> {
  readonly hostile: string;
}

/** The path of a route with what stands for its parts, by their names or by the segments before them. */
function pathOf({ path }: RouteContract, own: Readonly<Record<string, string>> = {}): string {
  const segments = path.split('/');
  return segments
    .map((segment, index) => {
      const name = segment.startsWith(':') ? segment.slice(1) : undefined;
      if (name === undefined) return segment;
      return own[name] ?? parts[segments[index - 1] ?? ''] ?? parts[name] ?? '';
    })
    .join('/');
}

interface Sound {
  readonly path: string;
  readonly query: string;
  readonly body: string | undefined;
}

/** Those with another value in the body. */
function* withBodies({ id }: RouteContract, sound: Sound): Generator<Hostile> {
  for (const body of BODIES[id as RouteId] ?? [])
    for (const place of placesIn(body))
      for (const value of IN_BODIES)
        yield {
          ...withBody(sound),
          body: withValue(body, place, value),
          hostile: `${place.join('.')}: ${value.slice(0, 40)}`,
        };
}

/** Requests of a route that are sound but for one value. */
function* requests(contract: RouteContract): Generator<Hostile> {
  const [first] = BODIES[contract.id as RouteId] ?? [];
  const sound = {
    path: pathOf(contract),
    query: NEEDED[contract.id] ?? '',
    body: first && JSON.stringify(first),
  };
  for (const name of Object.keys(contract.params?.shape ?? {}))
    for (const value of IN_ADDRESSES)
      yield {
        ...withBody(sound),
        path: pathOf(contract, { [name]: value }),
        hostile: `${name}=${value.slice(0, 40)}`,
      };
  for (const name of Object.keys(contract.query?.shape ?? {}))
    for (const value of IN_ADDRESSES) {
      const others = sound.query.split('&').filter((each) => each !== '' && !each.startsWith(`${name}=`));
      const query = [...others, `${name}=${value}`].join('&');
      yield { ...withBody(sound), query, hostile: `?${name}=${value.slice(0, 40)}` };
    }
  yield* withBodies(contract, sound);
}

function withBody({ path, query, body }: Sound) {
  return { path, query, ...(body !== undefined && { body }) };
}

/** What an address has to have. */
const NEEDED: Readonly<Record<string, string>> = {
  complete: 'list=findings&q=name:',
  ...Object.fromEntries(
    ['compareObjects', 'compareFindings', 'compareObject', 'exportComparison'].map((id) => [
      id,
      `from=${new Date(NOON.getTime() - 60_000).toISOString()}`,
    ]),
  ),
};

type Place = readonly string[];

/** Where there is a value, as deep as there is one. */
function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    [name],
    ...placesIn(each).map((place) => [name, ...place]),
  ]);
}

const HERE = 'the value goes here';

/** A body as JSON with another value, which need not be one that JSON.stringify writes. */
function withValue(body: object, place: Place, value: string): string {
  const copy = structuredClone(body) as Record<string, unknown>;
  const last = place.at(-1) ?? '';
  let within = copy;
  for (const name of place.slice(0, -1)) within = within[name] as Record<string, unknown>;
  within[last] = HERE;
  return JSON.stringify(copy).replace(`"${HERE}"`, () => value);
}

/** The names of all fields of a body, as its JSON schema has them. */
function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, part]) =>
    name === 'properties'
      ? [...Object.keys(part as object), ...Object.values(part as object).flatMap(fieldsOf)]
      : fieldsOf(part),
  );
}

describe('a route', () => {
  it.each(ALL.filter(([, { body, takesText }]) => body !== undefined && !takesText))(
    '%s is tried with all fields of its body',
    (id, { body }) => {
      const fields = fieldsOf(z.toJSONSchema(body as z.ZodType, { io: 'input', unrepresentable: 'any' }));
      const tried = new Set((BODIES[id] ?? []).flatMap(placesIn).map((place) => place.at(-1)));

      expect(fields.filter((field) => !tried.has(field))).toEqual([]);
    },
  );

  it.each(ALL)(
    '%s answers every value of every field, or says what is wrong with it',
    async (id, contract) => {
      const { secret } = await issueToken(
        recorded.store,
        { name: id, role: 'admin', limits: EVERYTHING, days: 1 },
        { owner: 'ann', now: NOON },
      );
      const headers =
        contract.byPeople || contract.permission === 'self' ? session : { authorization: `Bearer ${secret}` };
      const faults: string[] = [];
      const walk = requests(contract);
      await Promise.all(
        Array.from({ length: contract.mostBody === undefined ? AT_ONCE : LARGE_AT_ONCE }, async () => {
          for (const { hostile, ...asked } of walk) {
            const { status, type, text } = await ask(contract, { headers, ...asked });
            // Passwords are tried twenty times a minute, and what is refused for that was not looked at.
            const isLooked = status !== 429 || contract.tag === 'session';
            const isRefusal = status >= 400 && status < 500 && isLooked && type?.includes('problem+json');
            if (status >= 300 && !isRefusal) faults.push(`${hostile} -> ${status} ${text.slice(0, 200)}`);
          }
        }),
      );

      expect([...faults, ...said.splice(0)]).toEqual([]);
    },
    START_MS,
  );

  it('that keeps a build takes the longest names that there are', async () => {
    const long = (length: number) => noise(length, 0x4e00, 5000);
    const body = {
      ...BODIES.createBuildRecord?.[0],
      repository: long(500),
      manifests: [
        {
          ...MANIFEST,
          apiVersion: `${long(253)}/${long(63)}`,
          kind: long(63),
          metadata: { name: long(253), namespace: long(63) },
        },
      ],
      images: [{ name: long(500), digest: `sha512:${'a'.repeat(128)}`, made: true }],
    };
    const { secret } = await issueToken(
      recorded.store,
      { name: 'long', role: 'ci', limits: EVERYTHING, days: 1 },
      { owner: 'ann', now: NOON },
    );

    const answer = await ask(ROUTES.createBuildRecord, {
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    });

    expect(answer).toMatchObject({ status: 200 });
  });

  it('that keeps a build says which of its names is too long', async () => {
    const body = {
      ...BODIES.createBuildRecord?.[0],
      manifests: [MANIFEST, { ...MANIFEST, metadata: { name: noise(254) } }],
    };
    const { secret } = await issueToken(
      recorded.store,
      { name: 'longer', role: 'ci', limits: EVERYTHING, days: 1 },
      { owner: 'ann', now: NOON },
    );

    const answer = await ask(ROUTES.createBuildRecord, {
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    });

    expect(JSON.parse(answer.text)).toMatchObject({
      status: 400,
      errors: [{ path: 'manifests.1.metadata.name', message: 'must have at most 253 characters' }],
    });
  });
});
