import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { HubConnection } from './connection.ts';
import { HUB_WITHIN_MS, ListeningHub } from './hub.testing.ts';
import { type ProxyAt, proxyTo } from './proxy.testing.ts';

const AUTHORITY = new TestAuthority();
const OTHER = new TestAuthority();
/** A name that only a proxy knows. */
const FAR = 'hub.example.com';

describe('a hub with a certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-tls-'));
  const file = (name: string): string => join(folder, name);
  let hub: ListeningHub;
  let env: Record<string, string>;

  beforeAll(async () => {
    const { certificate, key } = AUTHORITY.issue({ commonName: 'hub', names: ['localhost', FAR] });
    writeFileSync(file('tls.crt'), certificate);
    writeFileSync(file('tls.key'), key);
    writeFileSync(file('ca.crt'), AUTHORITY.certificate);
    writeFileSync(file('other.crt'), OTHER.certificate);
    writeFileSync(file('broken.crt'), '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n');
    hub = await ListeningHub.start({ tls: { cert: file('tls.crt'), key: file('tls.key') } });
    env = await hub.variables('viewer');
  }, HUB_WITHIN_MS);
  afterAll(async () => {
    await hub?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, HUB_WITHIN_MS);

  const at = (scheme: string, host: string): string => `${scheme}://${host}:${new URL(hub.url).port}`;
  const ask = (...args: string[]) => bulwark(['clusters', ...args], folder, { env });

  it('is asked where its authority is named', async () => {
    const { code, out } = await ask('--hub', at('https', 'localhost'), '--ca', 'ca.crt');

    expect([code, out]).toEqual([0, expect.stringContaining('No cluster.')]);
  });

  it('is asked where a variable names its authority', async () => {
    const { code } = await bulwark(['clusters', '--hub', at('https', 'localhost')], folder, {
      env: { ...env, BULWARK_HUB_CA: 'ca.crt' },
    });

    expect(code).toBe(0);
  });

  it.each([
    { file: 'none.crt', says: '--ca: none.crt: ' },
    { file: 'tls.key', says: '--ca: tls.key holds no certificate in PEM' },
    { file: 'broken.crt', says: '--ca: broken.crt holds a certificate that cannot be read' },
  ])('is not asked where $file is no authority', async ({ file: name, says }) => {
    const { code, err } = await ask('--hub', at('https', 'localhost'), '--ca', name);

    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  describe('behind a proxy', () => {
    let proxy: ProxyAt;
    beforeAll(async () => {
      proxy = await proxyTo(Number(new URL(hub.url).port));
    });
    afterAll(() => proxy?.stop());

    const through = (more: Record<string, string> = {}) =>
      bulwark(['clusters', '--hub', at('https', FAR), '--ca', 'ca.crt'], folder, {
        env: { ...env, HTTPS_PROXY: proxy.url, ...more },
      });

    it('is asked through a tunnel, in which the token is not seen', async () => {
      const { code, out, err } = await through();

      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('No cluster.');
      expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${FAR}:${new URL(hub.url).port}`]));
      const seen = proxy.seen();
      expect(seen.length).toBeGreaterThan(1000);
      for (const planted of [env['BULWARK_HUB_TOKEN'] ?? 'none', 'Bearer', 'authorization'])
        expect(seen.includes(planted), planted).toBe(false);
    });

    it.each([
      { status: 407, says: ': the proxy asks who you are; its address takes a name and a password' },
      { status: 403, says: ': the proxy refuses to connect there; NO_PROXY lists' },
    ])('that answers $status is told from the hub', async ({ status, says }) => {
      proxy.refuseWith(status);
      const { code, err } = await through({ HTTPS_PROXY: proxy.url.replace('//', '//ann:planted@') });
      proxy.refuseWith(undefined);

      expect(code).toBe(2);
      expect(err).toContain(`cannot be reached through the proxy ${proxy.url}${says}`);
      expect(err).not.toContain('planted');
    });

    it('that is away is told from the hub', async () => {
      const { code, err } = await through({ HTTPS_PROXY: 'http://127.0.0.1:1' });

      expect([code, err]).toEqual([
        2,
        expect.stringContaining('through the proxy http://127.0.0.1:1: nothing listens there'),
      ]);
    });
  });

  it.each([
    {
      what: 'nobody known has signed',
      host: 'localhost',
      scheme: 'https',
      ca: [],
      says: '--ca FILE names the one to trust',
    },
    {
      what: 'another has signed',
      host: 'localhost',
      scheme: 'https',
      ca: ['--ca', 'other.crt'],
      says: '--ca FILE names the one to trust',
    },
    {
      what: 'is for other names',
      host: '127.0.0.1',
      scheme: 'https',
      ca: ['--ca', 'ca.crt'],
      says: 'its certificate is for other names',
    },
    { what: 'is not expected', host: '127.0.0.1', scheme: 'http', ca: [], says: 'cannot be reached' },
  ])('is refused where its certificate $what', async ({ host, scheme, ca, says }) => {
    const { code, err } = await ask('--hub', at(scheme, host), ...ca);

    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(err).not.toContain('bwt_');
  });
});

describe('what answers', () => {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(answer);
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async function ask(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const env = { BULWARK_HUB: await listen(answer), BULWARK_HUB_TOKEN: 'bwt_planted' };
    return bulwark(['clusters'], '/', { env });
  }

  const json = (response: ServerResponse, value: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

  it.each<{
    what: string;
    answer: (request: IncomingMessage, response: ServerResponse) => void;
    says: string;
  }>([
    {
      what: 'a page of something else',
      answer: (_request, response) => response.end('<html>Sign in</html>'),
      says: 'is no Bulwark hub (status 200)',
    },
    {
      what: 'an error of something else',
      answer: (_request, response) => response.writeHead(502).end('<html>'),
      says: 'is no Bulwark hub (status 502)',
    },
    {
      what: 'a hub of a later version',
      answer: ({ url }, response) =>
        json(
          response,
          url === '/api/v1/session' ? { version: '9.9.9', more: 1 } : { items: [{ surprise: 1 }] },
        ),
      says: 'is version 9.9.9 and this is 1.2.3, which do not understand each other',
    },
    {
      what: 'a hub of an earlier version, without the list',
      answer: ({ url }, response) =>
        url === '/api/v1/session'
          ? json(response, { version: '0.0.1' })
          : json(response, { type: 't', title: 'Nothing.', status: 404, code: 'not-found' }, 404),
      says: 'is version 0.0.1 and this is 1.2.3',
    },
    {
      what: 'a way to somewhere else, which the token does not take',
      answer: (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      says: 'it sends to another address',
    },
    {
      what: 'nothing',
      answer: (_request, response) => response.destroy(),
      says: 'it closed the connection',
    },
    {
      what: 'that its database is away',
      answer: (_request, response) =>
        json(
          response,
          { type: 't', title: 'The database does not answer.', status: 503, code: 'database-away' },
          503,
        ),
      says: 'error: the hub cannot answer: the database does not answer.',
    },
  ])('with $what is told apart', async ({ answer, says }) => {
    const { code, out, err } = await ask(answer);

    expect([code, out, err]).toEqual([2, '', expect.stringContaining(says)]);
    expect(err).not.toContain('bwt_');
  });

  it('with a way to another machine is not followed there, with the token or without', async () => {
    let reached = 0;
    const elsewhere = await listen((_request, response) => {
      reached++;
      response.end();
    });

    const { code, err } = await ask((_request, response) =>
      response.writeHead(307, { location: `${elsewhere}/api/v1/clusters` }).end(),
    );

    expect([code, err]).toEqual([2, expect.stringContaining('it sends to another address')]);
    expect(reached).toBe(0);
  });

  it('that it is asked too often is asked again, and again, until it says what it knows', async () => {
    let asked = 0;
    const url = await listen((_request, response) => {
      asked++;
      const problem = { type: 't', title: 'Too many requests.', status: 429, code: 'too-many-requests' };
      if (asked < 4) json(response, problem, 429);
      else json(response, { items: [] });
    });
    const hub = new HubConnection({ url, token: new Secret('bwt_planted') }, '1.2.3', 1);

    expect(await hub.call('listClusters', {})).toEqual({ items: [] });
    expect(asked).toBe(4);
  });
});
