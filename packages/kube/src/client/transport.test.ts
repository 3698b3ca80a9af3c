import { createServer as createSocket, type Socket } from 'node:net';
import { ok, Secret } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { ClusterAccess } from '../access/access.ts';
import { accessTo } from '../fake.testing.ts';
import { KubeClient } from './client.ts';
import { dispatcherTo } from './dispatcher.ts';
import { httpProxy, socksProxy } from './proxy.testing.ts';
import { authority, served, serverCertificate } from './served.testing.ts';

const namedCertificate = authority.issue({ commonName: 'api', names: ['api.example.com'] });

const { ended, serve, listening } = served();

async function ask(access: ClusterAccess) {
  const client = new KubeClient({ access, attempts: 1, timeoutMs: 2000 });
  ended.unshift(() => client.close());
  return client.get('/version');
}

describe('which server is the right one', () => {
  it('is the one whose certificate is of the authority and has the address', async () => {
    const server = await serve();

    expect((await ask(accessTo(server, { authority: authority.certificate }))).ok).toBe(true);
  });

  it.each([
    ['an authority of nobody', serverCertificate, {}],
    ['another authority', serverCertificate, { authority: new TestAuthority().certificate }],
    ['another name', namedCertificate, { authority: authority.certificate }],
    [
      'another name than asked for',
      serverCertificate,
      { authority: authority.certificate, serverName: 'api.example.com' },
    ],
    [
      'a time that is over',
      authority.issue({ commonName: 'api', names: ['127.0.0.1'], notAfter: new Date('2020-01-01') }),
      { authority: authority.certificate },
    ],
  ])('is not one with %s', async (_name, certificate, options) => {
    const server = await serve(certificate);

    const got = await ask(accessTo(server, options));

    expect(!got.ok && got.error.kind).toBe('untrusted');
    expect(server.requests).toHaveLength(0);
  });

  it('may have another name where that is said', async () => {
    const server = await serve(namedCertificate);
    const access = accessTo(server, { authority: authority.certificate, serverName: 'api.example.com' });

    expect((await ask(access)).ok).toBe(true);
  });

  it('may be any where a person asked for that', async () => {
    const server = await serve();
    const access = accessTo(server);

    const got = await ask({ ...access, trust: { ...access.trust, insecure: true } });

    expect(got.ok).toBe(true);
  });

  it('is found again after the authority was exchanged', async () => {
    const server = await serve();
    let trusted = new TestAuthority().certificate;
    const access = accessTo(server);
    const client = new KubeClient({
      access: { ...access, trust: { ...access.trust, authorities: async () => ok(trusted) } },
      attempts: 1,
    });
    ended.unshift(() => client.close());
    expect((await client.get('/version')).ok).toBe(false);

    trusted = authority.certificate;

    expect((await client.get('/version')).ok).toBe(true);
  });
});

describe('client certificates', () => {
  const certificateOf = (from: TestAuthority) => {
    const { certificate, key } = from.issue({ commonName: 'reader', organizations: ['readers'] });
    return { certificate: { certificate, key: new Secret(key) } };
  };

  it('prove who asks, and new ones are used from the next request on', async () => {
    const server = await serve(serverCertificate, authority.certificate);
    let credential = certificateOf(new TestAuthority());
    const credentials = { current: async () => ok(credential), refused: () => undefined };
    const client = new KubeClient({
      access: accessTo(server, { authority: authority.certificate, credentials }),
      attempts: 1,
    });
    ended.unshift(() => client.close());
    const first = await client.get('/version');
    expect(!first.ok && first.error.kind).toBe('unauthorized');

    credential = certificateOf(authority);

    expect((await client.get('/version')).ok).toBe(true);
  });

  it('that are new are used by all who ask at that moment', async () => {
    const server = await serve(serverCertificate, authority.certificate);
    let credential = certificateOf(authority);
    const credentials = { current: async () => ok(credential), refused: () => undefined };
    const client = new KubeClient({
      access: accessTo(server, { authority: authority.certificate, credentials }),
      attempts: 1,
    });
    ended.unshift(() => client.close());
    for (let rotation = 0; rotation < 3; rotation++) {
      credential = certificateOf(authority);

      const got = await Promise.all(Array.from({ length: 8 }, () => client.get('/version')));

      expect(got.flatMap((each) => (each.ok ? [] : [each.error]))).toEqual([]);
    }
  });

  it('that cannot be read fail the request', async () => {
    const server = await serve(serverCertificate, authority.certificate);
    const credential = { certificate: { certificate: 'no certificate', key: new Secret('no key') } };
    const credentials = { current: async () => ok(credential), refused: () => undefined };

    const got = await ask(accessTo(server, { authority: authority.certificate, credentials }));

    expect(!got.ok && got.error.kind).toMatch(/credentials|unreachable/);
  });
});

describe('impersonation', () => {
  it('is said in the headers of every request', async () => {
    const server = await serve();
    const impersonation = {
      user: 'jane',
      uid: 'u-1',
      groups: ['devs', 'ops'],
      extra: { 'example.com/team': ['shop'] },
    };

    await ask({ ...accessTo(server, { authority: authority.certificate }), impersonation });

    expect(server.requests[0]?.headers).toMatchObject({
      'impersonate-user': 'jane',
      'impersonate-uid': 'u-1',
      'impersonate-group': 'devs, ops',
      'impersonate-extra-example.com%2fteam': 'shop',
    });
  });
});

describe('a proxy on the way', () => {
  it('gets the address of the server and its own password, and the server is still checked', async () => {
    const server = await serve();
    const told: string[] = [];
    const port = await listening(httpProxy(told));
    const proxy = `http://user:pass@127.0.0.1:${port}`;

    const right = await ask(accessTo(server, { authority: authority.certificate, proxy }));
    const wrong = await ask(accessTo(server, { authority: new TestAuthority().certificate, proxy }));

    expect(right.ok).toBe(true);
    expect(!wrong.ok && wrong.error.kind).toBe('untrusted');
    expect(told[0]).toBe(`${new URL(server.url).host} Basic ${Buffer.from('user:pass').toString('base64')}`);
  });

  it('checks the name that is asked for', async () => {
    const server = await serve(namedCertificate);
    const port = await listening(httpProxy([]));
    const options = { authority: authority.certificate, proxy: `http://127.0.0.1:${port}` };

    expect((await ask(accessTo(server, { ...options, serverName: 'api.example.com' }))).ok).toBe(true);
    expect((await ask(accessTo(server, options))).ok).toBe(false);
  });

  it('that refuses fails the request', async () => {
    const server = await serve();
    const port = await listening(httpProxy([], 407));

    const got = await ask(
      accessTo(server, { authority: authority.certificate, proxy: `http://127.0.0.1:${port}` }),
    );

    expect(!got.ok && got.error.kind).toBe('unreachable');
    expect(!got.ok && got.error.message).toContain('407');
  });

  it('may speak SOCKS', async () => {
    const server = await serve();
    const told: string[] = [];
    const proxy = `socks5://127.0.0.1:${await listening(socksProxy(told))}`;

    const right = await ask(accessTo(server, { authority: authority.certificate, proxy }));
    const wrong = await ask(accessTo(server, { authority: new TestAuthority().certificate, proxy }));

    expect(right.ok).toBe(true);
    expect(wrong.ok).toBe(false);
    expect(told[0]).toBe(`type 1 port ${new URL(server.url).port}`);
  });
});

describe('a SOCKS proxy that says nothing', () => {
  /** What becomes of a request, when something is done once the proxy was spoken to. */
  async function failureOf(then: (client: KubeClient, spoken: Socket) => unknown): Promise<string> {
    const proxy = createSocket();
    const spoken = new Promise<Socket>((resolve) => {
      proxy.on('connection', (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => resolve(socket));
      });
    });
    const server = await serve();
    const client = new KubeClient({
      access: accessTo(server, { proxy: `socks5://127.0.0.1:${await listening(proxy)}` }),
      attempts: 1,
    });
    ended.unshift(() => client.close());
    const got = client.get('/version');
    await then(client, await spoken);
    const result = await got;
    return result.ok ? 'none' : result.error.message;
  }

  // It would be given up by itself after ten seconds, as timed out.
  it('is given up when the client is closed', async () => {
    expect(await failureOf((client) => client.close())).not.toMatch(/in time|^none$/);
  });

  it('is given up when it hangs up', async () => {
    expect(await failureOf((_client, socket) => socket.end())).toMatch(/hung up/);
  });
});

describe('a proxy that falls silent', () => {
  /** Sends each answer once it was asked something, and nothing else. Resolves where a connection to it is closed. */
  function silentAfter(...answers: readonly (string | readonly number[])[]) {
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    const server = createSocket((socket) => {
      const left = [...answers];
      socket.on('error', () => undefined).on('close', isClosed);
      socket.on('data', () => {
        const answer = left.shift();
        if (answer !== undefined) socket.write(Buffer.from(answer as string));
      });
    });
    return { server, closed };
  }

  const CONNECTED = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0];
  const TUNNEL = 'HTTP/1.1 200 OK\r\n\r\n';
  it.each([
    ['SOCKS before it says anything', 'socks5', []],
    ['SOCKS before it connects', 'socks5', [[5, 0]]],
    [
      'SOCKS in the middle of an answer',
      'socks5',
      [
        [5, 0],
        [5, 0, 0],
      ],
    ],
    ['SOCKS when TLS begins', 'socks5', [[5, 0], CONNECTED]],
    ['HTTP before it connects', 'http', []],
    ['HTTP when TLS begins', 'http', [TUNNEL]],
  ])(
    'of %s is given up within the time of a connection, and nothing stays open',
    async (_when, scheme, answers) => {
      const { server, closed } = silentAfter(...answers);
      const proxy = new Secret(new URL(`${scheme}://127.0.0.1:${await listening(server)}`));
      const origin = 'https://192.0.2.1';
      const dispatcher = dispatcherTo(new URL(origin), { proxy, withinMs: 400 });
      ended.unshift(() => dispatcher.destroy());
      const began = performance.now();

      const fault: unknown = await dispatcher
        .request({ origin, path: '/version', method: 'GET' })
        .catch((error: unknown) => error);
      await closed;

      expect(fault).toBeInstanceOf(Error);
      expect(performance.now() - began).toBeLessThan(4000);
    },
  );
});
