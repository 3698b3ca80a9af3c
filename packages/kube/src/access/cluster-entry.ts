import { err, ok, Secret } from '@bulwark/core';
import { failure } from '../client/failure.ts';
import type { Clock } from '../clock.ts';
import type { ServerTrust } from './access.ts';
import { urlOf } from './address.ts';
import { jsonOf } from './fields.ts';
import { FreshFile } from './fresh-file.ts';
import { type Entry, pathOf } from './kubeconfig-file.ts';

/** What a cluster of a kubeconfig says of its server. */
export interface ClusterEntry {
  readonly server: URL;
  readonly trust: ServerTrust;
  readonly proxy: Secret<URL> | undefined;
  readonly compress: boolean;
  /** What is passed to an exec plugin that asks for it, besides the authorities. */
  readonly forPlugins: Readonly<Record<string, unknown>>;
}

const PROXY_SCHEMES = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);
const PLUGIN_EXTENSION = 'client.authentication.k8s.io/exec';

/** Reads a cluster; undefined where it cannot be used, and then the problems say why. */
export function readClusterEntry(
  entry: Entry,
  options: { readonly allowInsecure: boolean; readonly clock: Clock },
): ClusterEntry | undefined {
  const { fields, name } = entry;
  const server = serverOf(entry);
  const proxy = proxyOf(entry);
  const data = fields.data('certificate-authority-data');
  const path = pathOf(entry, 'certificate-authority');
  const serverName = fields.text('tls-server-name');
  const insecure = fields.flag('insecure-skip-tls-verify');
  if (insecure && (data !== undefined || path !== undefined))
    fields.refuse(
      'insecure-skip-tls-verify',
      `The cluster ${name} names an authority and says not to check it; only one can be meant.`,
    );
  else if (insecure && !options.allowInsecure)
    fields.refuse(
      'insecure-skip-tls-verify',
      `The cluster ${name} is not to be checked, so anyone on the way could answer for it and read the credentials. ` +
        'Give its certificate-authority, or allow it with --insecure-skip-tls-verify.',
    );
  if (server === undefined) return undefined;
  return {
    server,
    proxy: proxy === undefined ? undefined : new Secret(proxy),
    trust: { serverName, insecure, authorities: authoritiesOf(data, path, options.clock) },
    compress: !fields.flag('disable-compression'),
    forPlugins: forPlugins(entry, server),
  };
}

function serverOf({ fields, name }: Entry): URL | undefined {
  const text = fields.text('server');
  if (text === undefined) {
    fields.refuse(undefined, `The cluster ${name} has no server.`);
    return undefined;
  }
  const url = urlOf(text.includes('://') ? text : `https://${text}`);
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    fields.refuse('server', `The server of the cluster ${name} is not an http or https address.`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    fields.refuse(
      'server',
      `The server of the cluster ${name} may have no user, query or fragment in its address.`,
    );
    return undefined;
  }
  return url;
}

function proxyOf({ fields, name }: Entry): URL | undefined {
  const text = fields.text('proxy-url');
  if (text === undefined) return undefined;
  const url = urlOf(text);
  if (url !== undefined && PROXY_SCHEMES.has(url.protocol) && url.hostname !== '') return url;
  fields.refuse('proxy-url', `The proxy of the cluster ${name} is not an http, https or socks5 address.`);
  return undefined;
}

/** Where the authorities come from: data wins over a file, and without both the system's are trusted. */
export function authoritiesOf(
  data: string | undefined,
  path: string | undefined,
  clock: Clock,
): ServerTrust['authorities'] {
  if (data !== undefined) return async () => checked(data, 'certificate-authority-data');
  if (path === undefined) return async () => ok(undefined);
  const file = new FreshFile(path, clock);
  return async () => {
    file.forget();
    const text = await file.read();
    return text.ok ? checked(text.value, path) : text;
  };
}

function checked(pem: string, place: string): Awaited<ReturnType<ServerTrust['authorities']>> {
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return ok(pem);
  return err(failure('credentials', `${place} holds no PEM certificate.`));
}

function forPlugins({ fields }: Entry, server: URL): ClusterEntry['forPlugins'] {
  const extension = fields.mappings('extensions').find((each) => each.text('name') === PLUGIN_EXTENSION);
  const config = extension?.node.entries.get('extension');
  const serverName = fields.text('tls-server-name');
  const proxy = fields.text('proxy-url');
  return {
    server: server.href.replace(/\/$/, ''),
    ...(serverName !== undefined && { 'tls-server-name': serverName }),
    ...(fields.flag('insecure-skip-tls-verify') && { 'insecure-skip-tls-verify': true }),
    ...(proxy !== undefined && { 'proxy-url': proxy }),
    ...(config !== undefined && { config: jsonOf(config) }),
  };
}
