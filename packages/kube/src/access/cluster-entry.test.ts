import { describe, expect, it } from 'vitest';
import { base64, config, kubeconfigFolder, PEM } from './kubeconfig.testing.ts';

const { path, problemsOf, read, write } = kubeconfigFolder();

describe('the server', () => {
  it('has no scheme or a path where it is written so', () => {
    const access = read(config({ cluster: 'server: rancher.example.com/k8s/clusters/c-1' }));

    expect(access.ok && access.value.server.href).toBe('https://rancher.example.com/k8s/clusters/c-1');
  });

  it('is trusted by data, by a file beside the kubeconfig, or by the system', async () => {
    write('ca.crt', PEM);
    const authorities = async (cluster: string) => {
      const access = read(config({ cluster: `server: https://a.example.com\n${cluster}` }));
      return access.ok ? access.value.trust.authorities() : access.error;
    };

    expect(await authorities(`certificate-authority-data: ${base64(PEM)}`)).toEqual({ ok: true, value: PEM });
    expect(await authorities('certificate-authority: ca.crt')).toEqual({ ok: true, value: PEM });
    expect(await authorities('tls-server-name: other')).toEqual({ ok: true, value: undefined });
    expect(await authorities('certificate-authority: gone.crt')).toMatchObject({
      ok: false,
      error: { message: `${path('gone.crt')} cannot be read: there is no such file.` },
    });
    expect(await authorities(`certificate-authority-data: ${base64('nothing')}`)).toMatchObject({
      ok: false,
    });
  });

  it('without a check is refused unless someone asks for it', () => {
    const text = config({ cluster: 'server: https://a.example.com\ninsecure-skip-tls-verify: true' });

    expect(problemsOf(text)[0]).toMatch(
      /^config:7:31: The cluster one is not to be checked, .* allow it with --insecure-skip-tls-verify\.$/,
    );
    const allowed = read(text, { allowInsecure: true });
    expect(allowed.ok && allowed.value.trust.insecure).toBe(true);
  });

  it('without TLS gets no credentials, unless it is this machine', () => {
    expect(problemsOf(config({ cluster: 'server: http://a.example.com' }))).toEqual([
      'config:6:13: The cluster one has no TLS, and credentials would be readable for all on the way. Give it an https address, or allow it with --insecure-skip-tls-verify.',
    ]);
    expect(problemsOf(config({ cluster: 'server: http://a.example.com', user: '{}' }))).toEqual([]);
    expect(problemsOf(config({ cluster: 'server: http://127.0.0.1:8001' }))).toEqual([]);
  });

  it('may lie behind a proxy', () => {
    const access = read(
      config({ cluster: 'server: https://a.example.com\nproxy-url: socks5://127.0.0.1:1080' }),
    );
    const fromEnvironment = read(config(), { env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } });

    expect(access.ok && access.value.proxy?.reveal().href).toBe('socks5://127.0.0.1:1080');
    expect(fromEnvironment.ok && fromEnvironment.value.proxy?.reveal().href).toBe(
      'http://proxy.example.com:3128/',
    );
  });

  it.each([
    ['certificate-authority-data: a', 'config:6:5: The cluster one has no server.'],
    ['server: 7', 'config:6:13: server must be a text, so it needs quotes.'],
    ['server: ftp://x', 'config:6:13: The server of the cluster one is not an http or https address.'],
    [
      'server: https://u:p@x',
      'config:6:13: The server of the cluster one may have no user, query or fragment in its address.',
    ],
    [
      'server: https://x\nproxy-url: gopher://x',
      'config:7:16: The proxy of the cluster one is not an http, https or socks5 address.',
    ],
    [
      'server: https://x\ncertificate-authority-data: "*"',
      'config:7:34: certificate-authority-data is not base64.',
    ],
    [
      'server: https://x\ninsecure-skip-tls-verify: maybe',
      'config:7:31: insecure-skip-tls-verify must be true or false.',
    ],
    [
      `server: https://x\ninsecure-skip-tls-verify: true\ncertificate-authority-data: ${base64(PEM)}`,
      'config:7:31: The cluster one names an authority and says not to check it; only one can be meant.',
    ],
  ])('that cannot be used is said with its place: %s', (cluster, expected) => {
    expect(problemsOf(config({ cluster }))[0]).toBe(expected);
  });
});
