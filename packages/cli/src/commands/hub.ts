import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HubOptions } from '@bulwark/hub';
import { configurationFor } from '../config/find.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { HubFlags } from '../flags.ts';
import { hubFiles } from '../hub-settings/files.ts';
import { answeringPlaces, demoNote, placesOf } from '../hub-settings/places.ts';
import { auditLogFile, DEFAULT_LISTEN, type HubSettings, listenAddress } from '../hub-settings/settings.ts';
import { toldSettings } from '../hub-settings/told.ts';
import type { Io } from '../io.ts';
import { chooseControls } from './choose-controls.ts';
import { asUsageError, isDatabaseKept, openDatabase } from './hub-database.ts';

const LOST =
  'another hub took the database of this one, which had not run for half a minute, or has another clock; this one has ended';
const UPGRADED =
  'a hub of a later version has upgraded the database; this one has ended, as what it writes is not what that one expects';

/** `bulwark hub`: runs until it is interrupted, or another hub has taken or upgraded its database. */
export async function runHub(flags: HubFlags, io: Io): Promise<number> {
  const told = await toldSettings(flags, io);
  const { settings } = told;
  const watched = await placesOf(told, io);
  const files = await hubFiles(told, watched);
  const configuration = await configurationFor(settings.policy, io.cwd);
  const controls = chooseControls(
    { ...(settings.profile !== undefined && { profile: settings.profile }), frameworks: undefined },
    configuration,
    [],
  );
  if (io.workerUrl === undefined) throw new Error('the hub needs a program for its threads');
  const program = io.workerUrl;
  const isFirst = !(await isDatabaseKept(settings, io));
  const say = (text: string): void => io.writeError(`${text}\n`);
  const { SignIns } = await import('@bulwark/kube');
  const signIns = new SignIns({ env: io.env, say });
  const { places, away } = await answeringPlaces(watched.places, { settings, isFirst, signIns }, io);
  const isDemo = places.some(({ kind }) => kind === 'demo');
  const { startHub } = await import('@bulwark/hub');
  // From here on there is something to be stopped in order.
  const interrupted = io.interrupted().then(() => io.writeError('Stopping ...\n'));
  const beginning = isDemo ? 'for a demonstration' : 'from the last backup';
  const database = await openDatabase(settings, io, beginning, places.length);
  const { exceptions, annotations, otherTools } = configuration;
  const hub = await startHub({
    databaseUrl: database.url,
    clusters: places,
    program,
    ...servingOf(settings),
    ...(files.tls && { tls: files.tls }),
    controls,
    decisions: { exceptions, annotations, otherTools, ownership: files.ownership },
    approvalFrom: approvalFrom(settings),
    secrets: settings.secrets === true,
    auditLogs: (settings.auditLog ?? []).flatMap((text) => auditLogFile(text) ?? []),
    env: io.env,
    signIns,
    retentionDays: settings.retention ?? 0,
    keyFile: database.keyFile,
    ...(database.backups !== undefined && { backups: database.backups }),
    version: io.version,
    page: pageOf(program),
    now: () => new Date(),
    say,
  }).catch(async (error: unknown) => {
    await database.stop();
    throw asUsageError(error);
  });
  if (isDemo) io.writeError(`${demoNote(settings, away)}\n`);
  io.write(`Bulwark is at ${hub.url}\n`);
  if (hub.firstLink !== undefined) io.write(`Sign in, once: ${hub.firstLink}\n`);
  const end = await Promise.race([
    interrupted.then(() => 'interrupted' as const),
    database.lost.then(() => 'lost' as const),
    hub.upgraded.then(() => 'upgraded' as const),
  ]);
  await hub.stop();
  await database.stop();
  if (end === 'lost') throw new UsageError(LOST);
  if (end === 'upgraded') throw new UsageError(UPGRADED);
  return ExitCode.ok;
}

/** Where the hub listens, and how browsers reach it. */
function servingOf({
  listen,
  behindProxy,
  publicUrl,
}: HubSettings): Pick<HubOptions, 'listen' | 'behindProxy' | 'publicUrl'> {
  const address = listenAddress(listen ?? DEFAULT_LISTEN);
  if (address === undefined) throw new Error('an address that was accepted is none');
  return {
    listen: address,
    ...(behindProxy !== undefined && { behindProxy }),
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
  };
}

function approvalFrom(settings: HubSettings): HubOptions['approvalFrom'] {
  const from = settings.approvalFrom;
  return from === 'critical' || from === 'high' || from === 'medium' ? from : undefined;
}

/** The page lies beside the program. */
function pageOf(program: URL): string {
  return join(dirname(fileURLToPath(program)), 'page');
}
