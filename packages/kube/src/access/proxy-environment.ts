import { BlockList, isIP } from 'node:net';
import { Secret } from '@bulwark/core';
import { isLoopback, urlOf } from './address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name for a server, as the tools of Kubernetes read them:
 * lower case counts as well, this machine is never reached by a proxy, and `NO_PROXY` lists names, domains, addresses
 * and networks.
 */
export function proxyFromEnvironment(server: URL, env: Environment): Secret<URL> | undefined {
  const text = variable(env, server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (text === undefined || isLoopback(server)) return undefined;
  const excluded = (variable(env, 'NO_PROXY') ?? '').split(',').map((part) => part.trim().toLowerCase());
  if (excluded.some((pattern) => pattern !== '' && excludes(pattern, server))) return undefined;
  const url = urlOf(text.includes('://') ? text : `http://${text}`);
  return url === undefined ? undefined : new Secret(url);
}

function variable(env: Environment, name: string): string | undefined {
  const text = env[name] ?? env[name.toLowerCase()];
  return text === undefined || text === '' ? undefined : text;
}

function excludes(pattern: string, server: URL): boolean {
  if (pattern === '*') return true;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (pattern.includes('/')) return family !== 0 && isWithin(host, family, pattern);
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(pattern) ?? [];
  const [written = '', port] =
    bracketed !== undefined
      ? [bracketed, bracketedPort]
      : isIP(pattern) === 6
        ? [pattern]
        : pattern.split(':');
  const name = written.startsWith('*.') ? written.slice(1) : written;
  if (port !== undefined && port !== portOf(server)) return false;
  if (family !== 0) return name === host;
  // `.example.com` and `*.example.com` are what lies below, `example.com` is that and itself.
  return host.endsWith(name.startsWith('.') ? name : `.${name}`) || host === name;
}

function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}

function isWithin(host: string, family: number, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  if (isIP(address) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
