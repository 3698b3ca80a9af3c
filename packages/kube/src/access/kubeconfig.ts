import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { err, ok, type Result } from '@bulwark/core';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import type { AccessProblem, ClusterAccess } from './access.ts';
import { isLoopback } from './address.ts';
import { type ClusterEntry, readClusterEntry } from './cluster-entry.ts';
import { type Entry, type KubeconfigFile, readKubeconfigFile } from './kubeconfig-file.ts';
import type { IdTokens } from './oidc.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';
import { SignIns } from './sign-ins.ts';
import { readUserEntry, type UserEntry } from './user-entry.ts';

/** Where a kubeconfig is looked for, and how it is used. */
export interface KubeconfigOptions {
  /** One file that must be there; it replaces `KUBECONFIG` and the file in the home folder. */
  readonly path?: string | undefined;
  /** The context to use; the current one where it is undefined. */
  readonly context?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly clock?: Clock;
  /** Whether a person is there whom credential plugins may ask. */
  readonly isInteractive?: boolean;
  /** Take clusters that say not to check their certificate, and send credentials in the clear. */
  readonly allowInsecure?: boolean;
  /** Has the tokens of users of OpenID providers; one for all accesses of a process, whose users may be the same. */
  readonly signIns?: IdTokens | undefined;
}

/** A context of a kubeconfig. */
export interface ContextSummary {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly isCurrent: boolean;
}

/**
 * The access that a context of a kubeconfig gives, after the merge rules of kubectl: the files of `KUBECONFIG` in their
 * order, of entries of one name the first, and of the current contexts the first.
 */
export function accessFromKubeconfig(
  options: KubeconfigOptions = {},
): Result<ClusterAccess, readonly AccessProblem[]> {
  const problems: AccessProblem[] = [];
  const merged = merge(options, problems);
  const context = chooseContext(merged, options.context, problems);
  const access = context === undefined ? undefined : accessOf(merged, context, options);
  return access === undefined || problems.length > 0 ? err(problems) : ok(access);
}

/** The contexts of a kubeconfig, in the order of its files. */
export function contextsOf(
  options: KubeconfigOptions = {},
): Result<readonly ContextSummary[], readonly AccessProblem[]> {
  const problems: AccessProblem[] = [];
  const merged = merge(options, problems);
  const contexts = [...merged.contexts.values()].map(({ name, fields }) => ({
    name,
    cluster: fields.text('cluster') ?? '',
    user: fields.text('user') ?? '',
    isCurrent: name === merged.currentContext?.name,
  }));
  return problems.length > 0 ? err(problems) : ok(contexts);
}

interface Merged extends KubeconfigFile {
  /** The files that were looked for, to say where nothing was found. */
  readonly looked: readonly string[];
  readonly problems: AccessProblem[];
}

/** The files that make up a kubeconfig, in their order. */
export function kubeconfigFiles({ path, env = {}, home = homedir() }: KubeconfigOptions): readonly string[] {
  if (path !== undefined) return [path];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? [...new Set(listed)] : [join(home, '.kube', 'config')];
}

function merge(options: KubeconfigOptions, problems: AccessProblem[]): Merged {
  const looked = kubeconfigFiles(options);
  const files: KubeconfigFile[] = [];
  for (const file of looked) {
    const before = problems.length;
    const read = readKubeconfigFile(file, problems);
    if (read !== undefined) files.push(read);
    else if (options.path !== undefined && problems.length === before)
      problems.push({ file, message: 'There is no such kubeconfig, or it is empty.' });
  }
  return {
    looked,
    problems,
    clusters: firstOf(files.map(({ clusters }) => clusters)),
    users: firstOf(files.map(({ users }) => users)),
    contexts: firstOf(files.map(({ contexts }) => contexts)),
    currentContext: files.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
  };
}

function firstOf(maps: readonly ReadonlyMap<string, Entry>[]): Map<string, Entry> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

function chooseContext(
  { contexts, currentContext, looked, problems }: Merged,
  asked: string | undefined,
  found: readonly AccessProblem[],
): Entry | undefined {
  const name = asked ?? currentContext?.name;
  const context = name === undefined ? undefined : contexts.get(name);
  // A file that cannot be read explains itself why its contexts are missing.
  if (context !== undefined || found.length > 0) return context;
  const file = looked.join(delimiter);
  const known = contexts.size === 0 ? 'there is none' : `there are ${[...contexts.keys()].join(', ')}`;
  if (name === undefined)
    problems.push({ file, message: `No context is chosen, and no current-context is set; ${known}.` });
  else if (asked !== undefined) problems.push({ file, message: `There is no context ${name}; ${known}.` });
  else currentContext?.fields.refuse('current-context', `There is no context ${name}; ${known}.`);
  return undefined;
}

function accessOf(merged: Merged, context: Entry, options: KubeconfigOptions): ClusterAccess | undefined {
  const { env = {}, clock = SYSTEM_CLOCK, allowInsecure = false, isInteractive = false } = options;
  const signIns = options.signIns ?? new SignIns({ env, clock });
  const cluster = referred(context, 'cluster', merged.clusters);
  const user = referred(context, 'user', merged.users);
  if (cluster === undefined) return undefined;
  const known = readClusterEntry(cluster, { allowInsecure, clock });
  if (known === undefined || user === undefined) return undefined;
  const { forPlugins, trust } = known;
  const who = readUserEntry(user, { env, clock, trust, forPlugins, isInteractive, signIns });
  refusePlainText(cluster, { known, who, allowInsecure });
  return {
    name: context.name,
    server: known.server,
    namespace: context.fields.text('namespace') ?? 'default',
    trust,
    proxy: known.proxy ?? proxyFromEnvironment(known.server, env),
    impersonation: who.impersonation,
    credentials: who.credentials,
    compress: known.compress,
  };
}

function referred(
  context: Entry,
  field: 'cluster' | 'user',
  entries: ReadonlyMap<string, Entry>,
): Entry | undefined {
  const name = context.fields.text(field);
  const entry = name === undefined ? undefined : entries.get(name);
  if (name === undefined) context.fields.refuse(undefined, `The context ${context.name} names no ${field}.`);
  else if (entry === undefined)
    context.fields.refuse(
      field,
      `The context ${context.name} names the ${field} ${name}, which is not there.`,
    );
  return entry;
}

function refusePlainText(
  { fields, name }: Entry,
  {
    known,
    who,
    allowInsecure,
  }: { readonly known: ClusterEntry; readonly who: UserEntry; readonly allowInsecure: boolean },
): void {
  if (known.server.protocol === 'https:' || !who.hasCredentials || allowInsecure || isLoopback(known.server))
    return;
  fields.refuse(
    'server',
    `The cluster ${name} has no TLS, and credentials would be readable for all on the way. Give it an https address, ` +
      'or allow it with --insecure-skip-tls-verify.',
  );
}
