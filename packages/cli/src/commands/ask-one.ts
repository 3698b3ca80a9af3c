import type { ClusterItem, FindingDetail, Passport, WorkloadItem } from '@bulwark/api';
import { type GroupKind, groupKindOf, groupOf, nameInQuery, sharedNames } from '@bulwark/core';
import { jsonText } from '@bulwark/formats';
import type { Surroundings } from '../ask/asked-list.ts';
import { findingsOf, isFingerprint, notFound } from '../ask/fingerprints.ts';
import { momentOf } from '../ask/moment.ts';
import { nextCommand } from '../ask/next-command.ts';
import { findingParts } from '../ask/one/finding.ts';
import { passportParts } from '../ask/one/passport.ts';
import { type Part, textOf } from '../ask/one/text.ts';
import { seenEntries } from '../ask/seen.ts';
import { clusterNamed, sightOf } from '../ask/sight.ts';
import { minuteOf } from '../ask/words.ts';
import { usesColor } from '../color.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { OneFlags } from '../flags.ts';
import { connectionTo, type HubConnection } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';

/** Where and when something is looked for. */
interface Question {
  readonly hub: HubConnection;
  readonly cluster: ClusterItem | undefined;
  readonly asOf: string | undefined;
}

/** A thing that a hub is asked for, and how it is shown. */
interface Kind<T> {
  readonly find: (question: Question) => Promise<T>;
  readonly parts: (found: T, around: Surroundings) => readonly Part[];
}

/** `bulwark workload`: the passport of one. */
export async function runWorkload(place: string, flags: OneFlags, io: Io): Promise<number> {
  const [namespace, ...rest] = place.split('/');
  const [name, kind] = rest.toReversed();
  if (namespace === undefined || name === undefined || name === '' || kind === '' || rest.length > 2)
    throw new UsageError(
      `"${place}" is no workload; it is named as NAMESPACE/NAME or NAMESPACE/KIND/NAME, and as /NAME or /KIND/NAME in no namespace`,
    );
  return show<Passport>(flags, io, {
    find: (question) => passportOf({ namespace: namespace || NO_NAMESPACE, kind, name }, question),
    parts: passportParts,
  });
}

/** `bulwark finding`: all that is known of one. */
export async function runFinding(written: string, flags: OneFlags, io: Io): Promise<number> {
  const fingerprint = written.toLowerCase();
  if (!isFingerprint(fingerprint))
    throw new UsageError(
      `"${written}" is no fingerprint: that is 32 hexadecimal digits, or the first eight or more of them`,
    );
  return show<FindingDetail>(flags, io, {
    find: (question) => findingOf(fingerprint, question),
    parts: findingParts,
  });
}

async function show<T>(flags: OneFlags, io: Io, { find, parts }: Kind<T>): Promise<number> {
  const now = new Date();
  const asOf = flags.asOf === undefined ? undefined : momentOf('--as-of', flags.asOf, now);
  const hub = connectionTo(flags, io);
  const sight = await sightOf(hub);
  const cluster = flags.cluster === undefined ? undefined : clusterNamed(flags.cluster, sight.clusters);
  const found = await find({ hub, cluster, asOf });
  if (flags.format === 'json') {
    io.write(`${jsonText(found, 2)}\n`);
    return ExitCode.ok;
  }
  const around = {
    now: asOf === undefined ? now : new Date(asOf),
    hasOneCluster: sight.clusters.length === 1,
    asOf,
  };
  const moment = { label: 'AS OF', style: 'strong', text: minuteOf(asOf ?? now.toISOString()) } as const;
  const seen = [...seenEntries(sight, now), ...(asOf === undefined ? [] : [moment])];
  io.write(
    textOf([seen, ...parts(found, around)], { width: io.columns, color: flags.color && usesColor(io) }),
  );
  return ExitCode.ok;
}

/** As a query takes a value whatever is in it. */
function quoted(value: string): string {
  return JSON.stringify(value);
}

interface Named {
  readonly namespace: string;
  readonly kind: string | undefined;
  readonly name: string;
}

const MOST_NAMED = 10;
/** As addresses of the API name what is in no namespace. */
const NO_NAMESPACE = '-';

async function passportOf(named: Named, { hub, cluster, asOf }: Question): Promise<Passport> {
  const { namespace, kind, name } = named;
  const q = `namespace:${namespace === NO_NAMESPACE ? 'none' : quoted(namespace)} name:${quoted(name)}${kind === undefined ? '' : ` kind:${quoted(kind)}`}`;
  const when = asOf === undefined ? {} : { asOf };
  const within = { ...when, ...(cluster !== undefined && { cluster: cluster.id }), limit: MOST_NAMED };
  const { items } = await hub.call('listWorkloads', { query: { q, ...within } });
  const [only] = items;
  if (only === undefined) {
    const { items: near } = await hub.call('listWorkloads', {
      query: { q: `name:*${quoted(name)}*`, ...within },
    });
    throw notThere(named, linesOf(near, asOf));
  }
  if (items.length > 1) throw several(named, linesOf(items, asOf));
  return hub.call('getWorkload', { params: { cluster: only.cluster.id, ...pathOf(only) }, query: when });
}

/** An object as addresses of the API name it: `Deployment.apps`. */
function pathOf({ resource }: WorkloadItem): { kind: string; namespace: string; name: string } {
  const { apiVersion, kind, namespace, name } = resource;
  const slash = apiVersion.indexOf('/');
  return {
    kind: slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`,
    namespace: namespace === '' ? NO_NAMESPACE : namespace,
    name,
  };
}

function kindOfItem({ resource: { apiVersion, kind } }: WorkloadItem): GroupKind {
  return groupKindOf(groupOf(apiVersion), kind);
}

function linesOf(items: readonly WorkloadItem[], asOf: string | undefined): readonly string[] {
  const shared = sharedNames(items.map(kindOfItem));
  return items.map((item) => {
    const { cluster, resource } = item;
    // A minus in front would be an option.
    const place = `${resource.namespace}/${nameInQuery(kindOfItem(item), shared)}/${resource.name}`;
    return `  ${nextCommand(['workload', place, '--cluster', cluster.name], asOf)}`;
  });
}

function notThere({ namespace, kind, name }: Named, near: readonly string[]): UsageError {
  const place = [namespace === NO_NAMESPACE ? '' : namespace, kind, name]
    .filter((part) => part !== undefined)
    .join('/');
  return new UsageError(
    [
      `no workload that this token may see is ${place}${near.length === 0 ? '; bulwark workloads lists all' : '; there is'}`,
      ...near,
    ].join('\n'),
  );
}

function several({ namespace, name }: Named, lines: readonly string[]): UsageError {
  const place = namespace === NO_NAMESPACE ? '' : namespace;
  return new UsageError([`several workloads are ${place}/${name}; say which`, ...lines].join('\n'));
}

async function findingOf(fingerprint: string, { hub, cluster, asOf }: Question): Promise<FindingDetail> {
  const items = await findingsOf(hub, fingerprint, { cluster: cluster?.id, asOf });
  const [only] = items;
  if (only === undefined) throw notFound(fingerprint);
  if (items.length > 1)
    throw new UsageError(
      `${items.length} clusters have the finding ${fingerprint}: ${items.map((item) => item.cluster.name).join(', ')}; --cluster says which`,
    );
  return hub.call('getFinding', {
    params: { cluster: only.cluster.id, fingerprint: only.fingerprint },
    query: asOf === undefined ? {} : { asOf },
  });
}
