import { isAbsolute, join, resolve } from 'node:path';
import { Secret } from '@bulwark/core';
import type { Clock } from '../clock.ts';
import type { Credentials, Impersonation, ServerTrust } from './access.ts';
import {
  allOf,
  basic,
  bearer,
  certificateCredentials,
  fixedCredentials,
  tokenFileCredentials,
} from './credentials.ts';
import { EXEC_VERSIONS } from './exec-credential.ts';
import { type ExecPlugin, execCredentials } from './exec-plugin.ts';
import type { Fields } from './fields.ts';
import { FreshFile } from './fresh-file.ts';
import { type Entry, pathOf } from './kubeconfig-file.ts';
import { type IdTokens, oidcCredentials } from './oidc.ts';
import { readOidcUser } from './oidc-user.ts';

/** What a user of a kubeconfig is read with. */
export interface UserSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInteractive: boolean;
  readonly clock: Clock;
  readonly trust: ServerTrust;
  /** What a plugin that asks for it is told of the cluster. */
  readonly forPlugins: Readonly<Record<string, unknown>>;
  /** Has the tokens of users of OpenID providers. */
  readonly signIns: IdTokens;
}

/** Who a user of a kubeconfig is. */
export interface UserEntry {
  readonly credentials: Credentials;
  readonly impersonation: Impersonation | undefined;
  /** Whether there is anything that must not be sent in the clear. */
  readonly hasCredentials: boolean;
}

/** Reads a user; what cannot be used goes to its problems. */
export function readUserEntry(entry: Entry, surroundings: UserSurroundings): UserEntry {
  const { fields, name } = entry;
  const { clock } = surroundings;
  const token = tokenOf(entry, clock);
  const password = passwordOf(fields);
  const provided = providedOf(entry, surroundings);
  if (token !== undefined && password !== undefined)
    fields.refuse('token', `The user ${name} has both a token and a password; only one can be sent.`);
  if (fields.has('exec') && fields.has('auth-provider'))
    fields.refuse('auth-provider', `The user ${name} has both exec and auth-provider; only one can be used.`);
  // A token that stands in the file wins over what a plugin issues, as in kubectl.
  const sources = [provided, certificateOf(entry, clock), password, token].filter(
    (source) => source !== undefined,
  );
  return {
    credentials: allOf(sources),
    impersonation: impersonationOf(entry),
    hasCredentials: sources.length > 0,
  };
}

function tokenOf(entry: Entry, clock: Clock): Credentials | undefined {
  const token = entry.fields.text('token');
  const path = pathOf(entry, 'tokenFile');
  // The file is what is kept up to date.
  if (path !== undefined) return tokenFileCredentials(new FreshFile(path, clock));
  return token === undefined ? undefined : fixedCredentials({ authorization: bearer(token) });
}

function passwordOf(fields: Fields): Credentials | undefined {
  const user = fields.text('username');
  const password = fields.text('password');
  if (user === undefined && password === undefined) return undefined;
  return fixedCredentials({ authorization: basic(user ?? '', password ?? '') });
}

function certificateOf(entry: Entry, clock: Clock): Credentials | undefined {
  const { fields, name } = entry;
  const certificate = fields.data('client-certificate-data') ?? fileOf(entry, 'client-certificate', clock);
  const data = fields.data('client-key-data');
  const key = data === undefined ? fileOf(entry, 'client-key', clock) : new Secret(data);
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate !== undefined && key !== undefined) return certificateCredentials(certificate, key);
  const missing = certificate === undefined ? 'client-certificate' : 'client-key';
  const given = certificate === undefined ? 'client-key' : 'client-certificate';
  const field = fields.has(given) ? given : `${given}-data`;
  fields.refuse(field, `The user ${name} has a ${given} and no ${missing}.`);
  return undefined;
}

function fileOf(entry: Entry, field: string, clock: Clock): FreshFile | undefined {
  const path = pathOf(entry, field);
  return path === undefined ? undefined : new FreshFile(path, clock);
}

function providedOf(entry: Entry, surroundings: UserSurroundings): Credentials | undefined {
  const exec = entry.fields.mapping('exec');
  if (exec !== undefined) {
    const plugin = pluginOf(exec, entry, surroundings.forPlugins);
    return plugin === undefined ? undefined : execCredentials(plugin, surroundings);
  }
  return providerOf(entry, surroundings);
}

function pluginOf(
  exec: Fields,
  { name, folder }: Entry,
  forPlugins: UserSurroundings['forPlugins'],
): ExecPlugin | undefined {
  const apiVersion = exec.text('apiVersion');
  const command = exec.text('command');
  const mode = exec.text('interactiveMode') ?? (apiVersion === EXEC_VERSIONS[0] ? undefined : 'IfAvailable');
  if (command === undefined) exec.refuse(undefined, `The plugin of the user ${name} has no command.`);
  if (apiVersion === undefined || !EXEC_VERSIONS.some((known) => known === apiVersion)) {
    const known = EXEC_VERSIONS.join(' and ');
    exec.refuse(
      'apiVersion',
      `The plugin of the user ${name} speaks ${apiVersion ?? 'no version'}; known are ${known}.`,
    );
    return undefined;
  }
  if (mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always') {
    exec.refuse('interactiveMode', 'interactiveMode must be Never, IfAvailable or Always.');
    return undefined;
  }
  if (command === undefined) return undefined;
  const env = exec.mappings('env').map((each) => [each.text('name') ?? '', textOrNothing(each)] as const);
  return {
    // A name alone is looked up in PATH; a path counts from the folder of the kubeconfig.
    command: command.includes('/') && !isAbsolute(command) ? join(folder, command) : command,
    args: exec.texts('args'),
    env: Object.fromEntries(env.filter(([variable]) => variable !== '')),
    apiVersion,
    installHint: exec.text('installHint'),
    interactiveMode: mode,
    cluster: exec.flag('provideClusterInfo') ? forPlugins : undefined,
  };
}

/** An empty value is one that is set to nothing. */
function textOrNothing(variable: Fields): string {
  return variable.text('value') ?? '';
}

function providerOf(entry: Entry, { clock, signIns }: UserSurroundings): Credentials | undefined {
  // What it says is read again for each token: others renew it, too.
  if (readOidcUser(entry, clock) === undefined) return undefined;
  return oidcCredentials({ file: resolve(entry.fields.source.file), user: entry.name }, signIns, clock);
}

function impersonationOf({ fields, name }: Entry): Impersonation | undefined {
  const user = fields.text('as');
  const uid = fields.text('as-uid');
  const groups = fields.texts('as-groups');
  const extra = fields.mapping('as-user-extra');
  if (user !== undefined) {
    const keys = [...(extra?.node.entries.keys() ?? [])];
    return {
      user,
      uid,
      groups,
      extra: Object.fromEntries(keys.map((key) => [key, extra?.texts(key) ?? []])),
    };
  }
  if (uid !== undefined || groups.length > 0 || extra !== undefined)
    fields.refuse('as-groups', `The user ${name} takes on groups, uid or extra without a user (as).`);
  return undefined;
}
