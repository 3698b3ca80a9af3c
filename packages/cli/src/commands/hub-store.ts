import { userInfo } from 'node:os';
import { givenLimits } from '@bulwark/api';
import type { Limits, Store } from '@bulwark/store';
import { ExitCode, UsageError, unknownName } from '../exit.ts';
import type { HubFlags, LimitFlags } from '../flags.ts';
import type { HubSettings } from '../hub-settings/settings.ts';
import { hubSettings } from '../hub-settings/told.ts';
import type { Io } from '../io.ts';
import { asUsageError, openKeptDatabase, type Wanted } from './hub-database.ts';

/** What is wrong with what was asked for, each part by its name. */
export function whyNot({
  issues,
}: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  return issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`).join('; ');
}

/** Limits by the names of clusters and namespaces; none are all. */
export async function limitsNamed(store: Store, { cluster, namespace }: LimitFlags): Promise<Limits> {
  const namespaces = namespace ?? 'all';
  const asked = givenLimits.safeParse({ clusters: 'all', namespaces });
  const [issue] = asked.success ? [] : asked.error.issues;
  if (issue !== undefined)
    throw new UsageError(`"${namespaces[Number(issue.path.at(-1))] ?? ''}" ${issue.message}`);
  return { clusters: await clustersNamed(store, cluster), namespaces };
}

async function clustersNamed(
  store: Store,
  names: readonly string[] | undefined,
): Promise<'all' | readonly number[]> {
  if (names === undefined) return 'all';
  const { listClusters, scopeOf } = await import('@bulwark/store');
  const known = await listClusters(store, scopeOf({ clusters: 'all', namespaces: 'all' }));
  return names.flatMap((name) => {
    const found = known.filter((cluster) => cluster.name === name).map(({ id }) => id);
    if (found.length === 0)
      throw unknownName(
        'cluster',
        name,
        known.map((cluster) => cluster.name),
      );
    return found;
  });
}

/** Whoever may read the database is no user of the hub; the system knows their name. */
export function terminalUser(): string {
  return `${systemName()} (terminal)`;
}

function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container a user may be a number that no file gives a name.
    return `user ${process.getuid?.() ?? ''}`.trim();
  }
}

/** Writes down in the audit log of the hub what was done to it from here. */
export async function note(
  store: Store,
  entry: { readonly action: string; readonly subject: string; readonly at: Date },
): Promise<void> {
  const { writeAudit } = await import('@bulwark/store');
  await writeAudit(store, { ...entry, actor: terminalUser(), address: null, outcome: 'done' });
}

/** Acts on the database of a hub that was started before, running or not; by default also of a demonstration. */
export async function withStore(
  flags: HubFlags,
  io: Io,
  act: (store: Store, settings: HubSettings) => Promise<void>,
  wanted: Wanted = 'any',
): Promise<number> {
  const { settings } = await hubSettings(flags, io);
  const { openStore } = await import('@bulwark/store');
  const database = await openKeptDatabase(settings, io, wanted);
  try {
    // The schema is that of the hub, which may be running: nobody else changes it.
    const store = await openStore({ url: database.url, now: new Date(), migrate: false });
    try {
      await act(store, settings);
    } finally {
      await store.close();
    }
    return ExitCode.ok;
  } catch (error) {
    throw asUsageError(error);
  } finally {
    await database.stop();
  }
}
