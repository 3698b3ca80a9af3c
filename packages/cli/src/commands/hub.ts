import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, DEFAULT_OWNERSHIP, readOwnersFile, Secret } from '@bulwark/core';
import type { Configuration } from '../config/configuration.ts';
import { configurationFor } from '../config/find.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { DatabaseFlags, HubFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { chooseControls } from './choose-controls.ts';

const DEFAULT_LISTEN = '127.0.0.1:8420';
const ROOT_FOLDER = '/var/lib/bulwark';

/** `bulwark hub`: runs until it is interrupted. */
export async function runHub(flags: HubFlags, io: Io): Promise<number> {
  const configuration = await configurationFor(flags.config, io.cwd);
  const controls = chooseControls({ ...flags, frameworks: undefined }, configuration, []);
  const listen = listenOf(flags.listen ?? io.env['BULWARK_LISTEN'] ?? DEFAULT_LISTEN);
  const decisions = decisionsOf(configuration, flags, io);
  if (io.workerUrl === undefined) throw new Error('the hub needs a program for its threads');
  const program = io.workerUrl;
  const { accessOf, startHub } = await import('@bulwark/hub');
  const places = placesOf(flags, io);
  for (const place of places) {
    if (place.kind === 'demo') continue;
    try {
      accessOf(place, io.env);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : 'the kubeconfig cannot be read');
    }
  }
  const isDemo = places.some(({ kind }) => kind === 'demo');
  // A database of its own: what is made up must not stand beside what is real.
  const database = await openDatabase(flags, io, isDemo ? 'for a demonstration' : 'from the last backup');
  const hub = await startHub({
    databaseUrl: database.url,
    clusters: places,
    program,
    listen,
    ...tlsOf(flags, io),
    controls,
    decisions,
    approvalFrom: 'high',
    secrets: flags.secrets === true,
    env: io.env,
    retentionDays: flags.retention,
    keyFile: database.keyFile,
    ...(database.backups !== undefined && { backups: database.backups }),
    version: io.version,
    page: pageOf(program),
    now: () => new Date(),
    say: (text) => io.writeError(`${text}\n`),
  }).catch(async (error: unknown) => {
    await database.stop();
    throw error instanceof AppError ? new UsageError(detailOf(error)) : error;
  });
  if (isDemo)
    io.writeError(
      'No kubeconfig: this is a demonstration, and nothing in it is real. --kubeconfig names a cluster.\n',
    );
  io.write(`Bulwark is at ${hub.url}\nSign in, once: ${hub.firstLink}\n`);
  await io.interrupted();
  io.writeError('Stopping ...\n');
  await hub.stop();
  await database.stop();
  return ExitCode.ok;
}

function detailOf({ message, details }: AppError): string {
  return typeof details['detail'] === 'string' ? details['detail'] : message;
}

function listenOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(?:\[?([^\]]+?)\]?:)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new UsageError(`--listen: "${text}" is no ADDRESS:PORT, such as ${DEFAULT_LISTEN}`);
  return { host: host === '' ? '127.0.0.1' : host, port: Number(port) };
}

function tlsOf(flags: HubFlags, io: Io) {
  const cert = flags.tlsCert ?? io.env['BULWARK_TLS_CERT'];
  const key = flags.tlsKey ?? io.env['BULWARK_TLS_KEY'];
  const publicUrl = flags.publicUrl ?? io.env['BULWARK_PUBLIC_URL'];
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--tls-cert and --tls-key go together');
  return {
    ...(cert !== undefined && key !== undefined && { tls: { cert: textOf(cert, io), key: textOf(key, io) } }),
    ...(flags.behindProxy !== undefined && { behindProxy: flags.behindProxy }),
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
  };
}

function textOf(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
}

function decisionsOf({ exceptions, annotations, otherTools }: Configuration, { owners }: HubFlags, io: Io) {
  const read = owners === undefined ? undefined : readOwnersFile(textOf(owners, io), owners);
  if (read !== undefined && read.problems.length > 0)
    throw new UsageError(
      read.problems.map(({ line, reason }) => `${owners ?? ''}:${line}: ${reason}`).join('\n'),
    );
  return {
    exceptions,
    annotations,
    otherTools,
    ownership: { ...DEFAULT_OWNERSHIP, rules: read?.rules ?? [] },
  };
}

const DEMO = { kind: 'demo' } as const;

/** The clusters that were asked for; else the current context, where there is one. */
function placesOf({ kubeconfig, context = [], demo }: HubFlags, io: Io) {
  if (demo === true) return [DEMO];
  const path = kubeconfig === undefined ? undefined : resolve(io.cwd, kubeconfig);
  if (path !== undefined && !existsSync(path))
    throw new UsageError(`--kubeconfig: there is no file ${kubeconfig ?? ''}`);
  const at = path === undefined ? {} : { path };
  if (context.length > 0)
    return context.map((name) => ({ kind: 'kubeconfig', ...at, context: name }) as const);
  if (path !== undefined) return [{ kind: 'kubeconfig', path } as const];
  if (hasServiceAccount(io)) return [{ kind: 'in-cluster' } as const];
  const files = (io.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config'))
    .split(':')
    .filter((file) => file !== '');
  return files.some((file) => existsSync(file)) ? [{ kind: 'kubeconfig' } as const] : [DEMO];
}

function hasServiceAccount({ env }: Io): boolean {
  return (
    (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' &&
    existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token')
  );
}

interface Database {
  readonly url: Secret<string>;
  /** The key of what the hub keeps secret in the database, and so beside it, not in it. */
  readonly keyFile: string;
  /** Where the hub's own database has its backups. */
  readonly backups?: string;
  stop(): Promise<void>;
}

/** The database that was given, else one of our own; a new one of our own begins with the last backup there is. */
async function openDatabase(
  { databaseUrl, dataDir }: DatabaseFlags,
  io: Io,
  fill: 'from the last backup' | 'not at all' | 'for a demonstration' = 'from the last backup',
): Promise<Database> {
  const own = resolve(io.cwd, dataDir ?? io.env['BULWARK_DATA_DIR'] ?? dataFolder(io));
  const folder = fill === 'for a demonstration' ? join(own, 'demo') : own;
  const keyFile = resolve(io.cwd, io.env['BULWARK_KEY_FILE'] ?? join(folder, 'channels.key'));
  const given = databaseUrl ?? io.env['BULWARK_DATABASE_URL'];
  if (given !== undefined) return { url: new Secret(given), keyFile, stop: async () => undefined };
  const { restore, startEmbedded } = await import('@bulwark/store');
  const { backupsIn } = await import('@bulwark/hub');
  const backups = join(folder, 'backups');
  try {
    const server = await startEmbedded({ folder });
    const last = backupsIn(backups).at(-1);
    if (fill === 'from the last backup' && server.isNew && last !== undefined) {
      await restore(server.url, last);
      io.writeError(`The database is new; it was filled from ${last}.\n`);
    }
    return { url: server.url, keyFile, backups, stop: () => server.stop() };
  } catch (error) {
    throw error instanceof AppError ? new UsageError(detailOf(error)) : error;
  }
}

/** `bulwark hub backup`: works beside a running hub where the database is an external one. */
export async function runHubBackup(file: string, flags: DatabaseFlags, io: Io): Promise<number> {
  const { backup, openStore } = await import('@bulwark/store');
  return withDatabase(flags, io, async (url) => {
    const store = await openStore({ url, now: new Date() });
    try {
      await backup(store, resolve(io.cwd, file), new Date());
    } finally {
      await store.close();
    }
    io.write(`Written to ${file}\n`);
  });
}

/** `bulwark hub restore`: into an empty database. */
export async function runHubRestore(file: string, flags: DatabaseFlags, io: Io): Promise<number> {
  const { restore } = await import('@bulwark/store');
  if (!existsSync(resolve(io.cwd, file))) throw new UsageError(`there is no file ${file}`);
  return withDatabase(flags, io, async (url) => {
    await restore(url, resolve(io.cwd, file));
    io.write(`Restored from ${file}\n`);
  });
}

async function withDatabase(
  flags: DatabaseFlags,
  io: Io,
  act: (url: Secret<string>) => Promise<void>,
): Promise<number> {
  const database = await openDatabase(flags, io, 'not at all');
  try {
    await act(database.url);
    return ExitCode.ok;
  } catch (error) {
    throw error instanceof AppError ? new UsageError(detailOf(error)) : error;
  } finally {
    await database.stop();
  }
}

/** Where a user's programs keep their data (XDG Base Directory 0.8); root's home can be read by no other user. */
function dataFolder({ env }: Io): string {
  if (process.getuid?.() === 0) return ROOT_FOLDER;
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'bulwark');
}

/** The page lies beside the program. */
function pageOf(program: URL): string {
  return join(dirname(fileURLToPath(program)), 'page');
}
