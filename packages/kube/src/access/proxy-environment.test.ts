import { describe, expect, it } from 'vitest';
import { proxyFromEnvironment } from './proxy-environment.ts';

const PROXY = 'http://proxy.example.com:3128';

describe('the proxy of the environment', () => {
  it.each([
    [{ HTTPS_PROXY: PROXY }, 'https://api.example.com', true],
    [{ https_proxy: PROXY }, 'https://api.example.com', true],
    [{ HTTP_PROXY: PROXY }, 'https://api.example.com', false],
    [{ HTTP_PROXY: PROXY }, 'http://api.example.com', true],
    [{ HTTPS_PROXY: '' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY }, 'https://127.0.0.1:6443', false],
    [{ HTTPS_PROXY: PROXY }, 'https://localhost:6443', false],
    [{ HTTPS_PROXY: PROXY }, 'https://[::1]:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '*' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'other.com, example.com' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'example.com' }, 'https://example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '.example.com' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '.example.com' }, 'https://example.com', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'ample.com' }, 'https://api.example.com', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'api.example.com:6443' }, 'https://api.example.com:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'api.example.com:6443' }, 'https://api.example.com', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'api.example.com:443' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, 'https://10.1.2.3:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/8' }, 'https://11.1.2.3:6443', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '10.1.2.3' }, 'https://10.1.2.3', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::/8' }, 'https://[fd00::1]', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::1' }, 'https://[fd00::1]', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '*.example.com' }, 'https://api.example.com', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '*.example.com:6443' }, 'https://api.example.com:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '*.example.com' }, 'https://example.com', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '[fd00::1]' }, 'https://[fd00::1]:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '[fd00::1]:6443' }, 'https://[fd00::1]:6443', false],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '[fd00::1]:6443' }, 'https://[fd00::1]', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'fd00::2,[]:1,[::' }, 'https://[fd00::1]', true],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.0/99,/,:,a/b' }, 'https://10.1.2.3', true],
  ])('with %j for %s: %s', (env, server, isUsed) => {
    expect(proxyFromEnvironment(new URL(server), env)?.reveal().origin).toBe(isUsed ? PROXY : undefined);
  });

  it('may be written without a scheme', () => {
    expect(proxyFromEnvironment(new URL('https://x'), { HTTPS_PROXY: 'proxy:3128' })?.reveal().href).toBe(
      'http://proxy:3128/',
    );
  });
});
