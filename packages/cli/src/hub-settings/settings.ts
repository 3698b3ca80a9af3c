import { BlockList, isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import type { Setting, SettingKind } from '@bulwark/api';
import { DEFAULT_OWNERSHIP, PROFILES, type Secret } from '@bulwark/core';

/** A hundred years: of longer, no first day could be told. */
const MOST_RETENTION = 36_500;

/** Where the hub listens when nothing is said. */
export const DEFAULT_LISTEN = '127.0.0.1:8420';

/** A host and a port to listen at; undefined where a text is none. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host = '127.0.0.1', port = ''] = /^(?:\[?([^\]]+?)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  return port === '' || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function whyNotListen(text: string): string | undefined {
  return listenAddress(text) === undefined ? `must be ADDRESS:PORT, such as ${DEFAULT_LISTEN}` : undefined;
}

function whyNotUrl(text: string): string | undefined {
  const wrong = 'must be an address such as https://bulwark.example.com';
  if (!URL.canParse(text)) return wrong;
  const { protocol, pathname, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol)) return wrong;
  // Page, API and cookie are of the root of their host.
  return /^\/+$/.test(pathname) && search === '' && hash === '' ? undefined : `${wrong}, without a path`;
}

function whyNotNetwork(text: string): string | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  const wrong = 'must be an address or a network, such as 10.0.0.0/8';
  if (family === 0 || more.length > 0) return wrong;
  if (prefix === undefined) return undefined;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return /^\d+$/.test(prefix) ? undefined : wrong;
  } catch {
    return wrong;
  }
}

/** A context and the file with the audit log of its cluster; undefined where a text names none. */
export function auditLogFile(text: string): { readonly cluster: string; readonly path: string } | undefined {
  const [, cluster = '', path = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  return isAbsolute(path) ? { cluster, path } : undefined;
}

function whyNotAuditLog(text: string): string | undefined {
  return auditLogFile(text) === undefined
    ? 'must be CONTEXT=FILE with the whole path, such as prod=/var/log/kubernetes/audit.log'
    : undefined;
}

/** `never` where one person is enough. */
const APPROVAL_FROM = ['critical', 'high', 'medium', 'never'] as const;

/**
 * Everything that `bulwark hub` can be told, in the order of help. A name is the key in `hub.yaml`; `--tls-cert` and
 * `BULWARK_TLS_CERT` come from `tlsCert`.
 */
export const HUB_SETTINGS = {
  databaseUrl: { kind: 'secret', placeholder: 'url', about: 'PostgreSQL 15 or later, by its address' },
  dataDir: { kind: 'folder', placeholder: 'folder', about: 'where its own database lies' },
  kubeconfig: {
    kind: 'file',
    placeholder: 'file',
    about: 'the kubeconfig (default: KUBECONFIG, then ~/.kube/config, then the pod)',
  },
  context: {
    kind: 'list',
    placeholder: 'name',
    about: 'clusters by their contexts; may be given several times',
  },
  insecureSkipTlsVerify: {
    kind: 'list',
    placeholder: 'context',
    about: 'contexts whose server is not checked where the kubeconfig says so: anyone on the way could be it',
  },
  demo: {
    kind: 'switch',
    about: 'a made-up shop instead of a cluster; so it is where no kubeconfig names one',
  },
  listen: {
    kind: 'text',
    placeholder: 'address:port',
    about: 'where it listens',
    default: DEFAULT_LISTEN,
    whyNot: whyNotListen,
  },
  tlsCert: { kind: 'file', placeholder: 'file', about: 'certificate chain, PEM; read again when it changes' },
  tlsKey: { kind: 'file', placeholder: 'file', about: 'its key, PEM' },
  behindProxy: {
    kind: 'list',
    placeholder: 'address',
    about: 'proxies with TLS in front of it, by address or network, whose X-Forwarded headers count',
    whyNot: whyNotNetwork,
  },
  publicUrl: {
    kind: 'text',
    placeholder: 'url',
    about: 'where browsers reach it, for links',
    whyNot: whyNotUrl,
  },
  keyFile: {
    kind: 'file',
    placeholder: 'file',
    about: 'the key of what channels keep secret (default: channels.key in the data folder)',
  },
  policy: {
    kind: 'file',
    placeholder: 'file',
    about: 'own controls and exceptions (default: bulwark.yaml here or in a folder around)',
  },
  profile: { kind: 'choice', placeholder: 'name', choices: PROFILES, about: 'which controls run' },
  secrets: {
    kind: 'switch',
    about: 'read Secrets too: types, names of keys, sizes and certificates, never values',
  },
  auditLog: {
    kind: 'list',
    placeholder: 'context=file',
    about: 'audit logs of API servers, which name who made a change, by the contexts of their clusters',
    whyNot: whyNotAuditLog,
  },
  approvalFrom: {
    kind: 'choice',
    placeholder: 'severity',
    choices: APPROVAL_FROM,
    default: 'high',
    about: 'from which severity on a second person has to approve an exception',
  },
  retention: {
    kind: 'number',
    placeholder: 'days',
    most: MOST_RETENTION,
    default: 90,
    about: 'how many days of the past are kept',
  },
  owners: {
    kind: 'file',
    placeholder: 'file',
    about: 'who owns what, as in a CODEOWNERS file: NAMESPACE[/KIND][/NAME] OWNER CONTACT',
  },
  ownerKeys: ownershipKeys('whose an object is', DEFAULT_OWNERSHIP.ownerKeys),
  contactKeys: ownershipKeys('how to reach the owner', DEFAULT_OWNERSHIP.contactKeys),
  environmentKeys: ownershipKeys('in which environment it is', DEFAULT_OWNERSHIP.environmentKeys),
  criticalityKeys: ownershipKeys('how much depends on it', DEFAULT_OWNERSHIP.criticalityKeys),
} as const satisfies Readonly<Record<string, Setting>>;

function ownershipKeys(what: string, known: readonly string[]) {
  return {
    kind: 'list',
    placeholder: 'key',
    about: `labels and annotations that say ${what}, the best first (default: ${known.join(', ')})`,
  } as const;
}

/** The name of a setting. */
export type SettingName = keyof typeof HUB_SETTINGS;

interface Values extends Record<SettingKind, unknown> {
  readonly text: string;
  readonly file: string;
  readonly folder: string;
  readonly number: number;
  readonly switch: boolean;
  readonly choice: string;
  readonly list: readonly string[];
  readonly secret: Secret<string>;
}

/** What was said, by whichever way; files and folders are absolute. */
export type HubSettings = {
  readonly [Name in SettingName]?: Values[(typeof HUB_SETTINGS)[Name]['kind']];
};

/** All settings, in the order of help. */
export const SETTING_NAMES = Object.keys(HUB_SETTINGS) as SettingName[];

/** What two settings say together of where the hub keeps its data; backups need no other. */
export const DATABASE_SETTINGS: readonly SettingName[] = ['databaseUrl', 'dataDir'];

/** The definition of a setting. */
export function settingOf(name: SettingName): Setting {
  return HUB_SETTINGS[name];
}

/** `--tls-cert` of `tlsCert`. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `BULWARK_TLS_CERT` of `tlsCert`. */
export function variableOf(name: SettingName): string {
  return `BULWARK_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
