import type { ClusterItem } from '@bulwark/api';
import type { Severity } from '@bulwark/core';
import type { AskedList, ListQuestion } from '../ask/asked-list.ts';
import type { AskCommand } from '../ask/commands.ts';
import { requirementsOf } from '../ask/compliance.ts';
import { findingGroups, findings } from '../ask/findings.ts';
import { momentOf } from '../ask/moment.ts';
import { readAhead, readPages } from '../ask/read-pages.ts';
import { isWhole } from '../ask/seen.ts';
import { clusterNamed, sightOf } from '../ask/sight.ts';
import { type ListFormat, writeList } from '../ask/write-list.ts';
import { usesColor } from '../color.ts';
import { ExitCode, UsageError } from '../exit.ts';
import type { ListFlags } from '../flags.ts';
import { connectionTo, type HubConnection } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';

/** For people; programs get all. */
const USUAL_LIMIT = 25;

/** A command that asks for a list, as it was given. */
export interface Asking {
  /** The words behind it: a query, or what the command is about. */
  readonly words: readonly string[];
  readonly flags: ListFlags;
  readonly io: Io;
}

/** `bulwark findings` and its like: asks a hub for a list. */
export async function runAsk(
  command: AskCommand & { readonly name: string },
  { words, flags, io }: Asking,
): Promise<number> {
  const list = listFor(command, words, flags);
  const hub = connectionTo(flags, io);
  const now = new Date();
  const format = (flags.format ?? 'pretty') as ListFormat;
  // Before all else: what a list is worth depends on how much was seen.
  const sight = await sightOf(hub);
  const question = questionOf(command.fields === undefined ? [] : words, flags, {
    now,
    clusters: sight.clusters,
  });
  const most =
    flags.limit ?? (flags.all === true || format !== 'pretty' ? Number.POSITIVE_INFINITY : USUAL_LIMIT);
  const pages = await readAhead(readPages(list, hub, { question, most }));
  await writeList(format, pages, {
    list,
    hub: hub.url,
    sight,
    asOf: question.asOf,
    isNarrowed: question.q !== undefined || question.mine !== undefined || question.since !== undefined,
    now,
    color: flags.color && usesColor(io),
    io,
  });
  if (flags.failOn !== undefined && (await hasFrom(flags.failOn as Severity, hub, question)))
    return ExitCode.findings;
  return flags.strict === true && !(sight.clusters.length > 0 && sight.clusters.every(isWhole))
    ? ExitCode.lost
    : ExitCode.ok;
}

/** The list that a command means, which its flags and words may change. */
function listFor(
  { name, list }: AskCommand & { readonly name: string },
  [word]: readonly string[],
  { by, sort, asOf }: ListFlags,
): AskedList {
  if (by !== undefined && sort !== undefined)
    throw new UsageError('--sort is not for --by: groups come with the worst and largest first');
  if (by !== undefined) return findingGroups;
  if (name !== 'compliance') return list;
  if (word !== undefined) return requirementsOf(word);
  if (asOf !== undefined) throw new UsageError('--as-of is for the requirements of one framework; name it');
  return list;
}

function questionOf(
  words: readonly string[],
  { sort, by, mine, cluster, asOf, since }: ListFlags,
  { now, clusters }: { readonly now: Date; readonly clusters: readonly ClusterItem[] },
): ListQuestion {
  const q = words.join(' ').trim();
  return {
    ...(q !== '' && { q }),
    ...(sort !== undefined && { sort }),
    ...(by !== undefined && { by }),
    ...(mine === true && { mine: 'true' as const }),
    ...(cluster !== undefined && { cluster: clusterNamed(cluster, clusters).id }),
    ...(asOf !== undefined && { asOf: momentOf('--as-of', asOf, now) }),
    ...(since !== undefined && { since: momentOf('--since', since, now) }),
  };
}

/** Whether a question finds anything open that is at least so severe. */
async function hasFrom(severity: Severity, hub: HubConnection, question: ListQuestion): Promise<boolean> {
  const { sort: _sort, by: _by, q = '', ...rest } = question;
  const narrowed = `${q === '' ? '' : `(${q}) `}severity:>=${severity} state:open`;
  const { items } = await findings.page(hub, { ...rest, q: narrowed, limit: 1 });
  return items.length > 0;
}
