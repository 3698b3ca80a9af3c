import { getEventListeners } from 'node:events';
import { ok, Secret } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { accessTo } from '../fake.testing.ts';
import { KubeClient } from './client.ts';
import { dispatcherTo } from './dispatcher.ts';
import { httpProxy, socksProxy } from './proxy.testing.ts';
import { authority, served, serverCertificate } from './served.testing.ts';

const { ended, serve, listening } = served();

describe('client certificates', () => {
  const certificateOf = (from: TestAuthority) => {
    const { certificate, key } = from.issue({ commonName: 'reader', organizations: ['readers'] });
    return { certificate: { certificate, key: new Secret(key) } };
  };

  it.each([
    ['directly', false],
    ['through a proxy', true],
  ])('that change back and forth while many ask %s fail no request', async (_name, isProxied) => {
    const server = await serve(serverCertificate, authority.certificate);
    const proxy = isProxied ? `http://127.0.0.1:${await listening(httpProxy([]))}` : '';
    const both = [certificateOf(authority), certificateOf(authority)] as const;
    let asked = 0;
    const credentials = {
      current: async () => ok(both[asked++ % 2 === 0 ? 0 : 1]),
      refused: () => undefined,
    };
    const access = accessTo(server, { authority: authority.certificate, credentials });
    const client = new KubeClient({
      access: isProxied ? { ...access, proxy: new Secret(new URL(proxy)) } : access,
      attempts: 1,
    });
    ended.unshift(() => client.close());

    const got = await Promise.all(Array.from({ length: 16 }, () => client.get('/version')));

    expect(got.flatMap((each) => (each.ok ? [] : [each.error]))).toEqual([]);
  });

  it('that are replaced leave answers alone that are under way', async () => {
    const server = await serve(serverCertificate, authority.certificate);
    let credential = certificateOf(authority);
    const credentials = { current: async () => ok(credential), refused: () => undefined };
    const client = new KubeClient({
      access: accessTo(server, { authority: authority.certificate, credentials }),
      attempts: 1,
    });
    ended.unshift(() => client.close());
    const seen: string[] = [];
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const controller = new AbortController();
    const watching = client.watch('/api/v1/pods', {
      resourceVersion: '1',
      timeoutSeconds: 60,
      silenceMs: 30_000,
      signal: controller.signal,
      onOpen: async () => open(),
      onEvents: async (events) => {
        seen.push(...events.map(({ type }) => type));
      },
    });
    await opened;

    credential = certificateOf(authority);
    expect((await client.get('/version')).ok).toBe(true);
    server.upsert({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' } });

    await expect.poll(() => seen).toEqual(['ADDED']);
    controller.abort();
    await watching;
  });
});

describe('an authority that is exchanged', () => {
  it('fails no request, however many ask at that moment', async () => {
    const server = await serve();
    const former = new TestAuthority().certificate;
    let read = 0;
    const authorities = async () => ok(read++ === 0 ? former : authority.certificate);
    const access = accessTo(server);
    const client = new KubeClient({
      access: { ...access, trust: { ...access.trust, authorities } },
      attempts: 1,
    });
    ended.unshift(() => client.close());

    const got = await Promise.all(Array.from({ length: 8 }, () => client.get('/version')));

    expect(got.flatMap((each) => (each.ok ? [] : [each.error]))).toEqual([]);
  });
});

describe('connections that have ended', () => {
  it.each(['directly', 'through a proxy', 'through SOCKS'])('%s leave nothing behind', async (way) => {
    const server = await serve();
    const proxies: Readonly<Record<string, () => Promise<string>>> = {
      'through a proxy': async () => `http://127.0.0.1:${await listening(httpProxy([]))}`,
      'through SOCKS': async () => `socks5://127.0.0.1:${await listening(socksProxy([]))}`,
    };
    const proxy = await proxies[way]?.();
    const ending = new AbortController();
    const dispatcher = dispatcherTo(new URL(server.url), {
      authorities: authority.certificate,
      signal: ending.signal,
      proxy: proxy === undefined ? undefined : new Secret(new URL(proxy)),
    });
    ended.unshift(() => dispatcher.destroy());
    const ask = async (): Promise<string> => {
      const { body } = await dispatcher.request({ origin: server.url, path: '/version', method: 'GET' });
      return body.text();
    };
    await Promise.all(Array.from({ length: 5 }, ask));
    expect(getEventListeners(ending.signal, 'abort')).toHaveLength(5);

    await server.stop();

    await expect.poll(() => getEventListeners(ending.signal, 'abort')).toEqual([]);
  });
});

describe('many connections at once', () => {
  it('are no reason for a warning of the runtime', async () => {
    const server = await serve();
    const client = new KubeClient({ access: accessTo(server, { authority: authority.certificate }) });
    ended.unshift(() => client.close());
    const warnings: string[] = [];
    const note = ({ name }: Error): number => warnings.push(name);
    process.on('warning', note);
    try {
      const answers = await Promise.all(Array.from({ length: 45 }, () => client.get('/version')));
      // Warnings come after what causes them.
      await new Promise((resolve) => setImmediate(resolve));

      expect(answers.every(({ ok }) => ok)).toBe(true);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });
});
