import type { Severity } from '@bulwark/core';
import type { ListQuestion } from '../ask/asked-list.ts';
import { findingGroups, findings } from '../ask/findings.ts';
import { changes, namespaces, workloads } from '../ask/inventory.ts';
import { momentOf } from '../ask/moment.ts';
import { readAhead, readPages } from '../ask/read-pages.ts';
import { isWhole } from '../ask/seen.ts';
import { clusters, coverageEntries, exceptions } from '../ask/standing.ts';
import { type ListFormat, writeList } from '../ask/write-list.ts';
import { usesColor } from '../color.ts';
import { ExitCode } from '../exit.ts';
import type { ListFlags } from '../flags.ts';
import { connectionTo, type HubConnection } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';

/** All lists that a command asks for, by its name. */
const LISTS = {
  findings,
  workloads,
  namespaces,
  changes,
  coverage: coverageEntries,
  clusters,
  exceptions,
} as const;
export type ListName = keyof typeof LISTS;

/** For people; programs get all. */
const USUAL_LIMIT = 25;

/** `bulwark findings` and its like: asks a hub for a list. */
export async function runAsk(
  name: ListName,
  words: readonly string[],
  flags: ListFlags,
  io: Io,
): Promise<number> {
  const hub = connectionTo(flags, io);
  const now = new Date();
  const list = flags.by === undefined ? LISTS[name] : findingGroups;
  const format = (flags.format ?? 'pretty') as ListFormat;
  const question = questionOf(words, flags, now);
  const most =
    flags.limit ?? (flags.all === true || format !== 'pretty' ? Number.POSITIVE_INFINITY : USUAL_LIMIT);
  // Before all else: what a list is worth depends on how much was seen.
  const { items: watched } = await hub.call('listClusters', {});
  const pages = await readAhead(readPages(list, hub, { question, most }));
  await writeList(format, pages, {
    list,
    hub: hub.url,
    clusters: watched,
    asOf: question.asOf,
    now,
    color: flags.color && usesColor(io),
    io,
  });
  if (flags.failOn !== undefined && (await hasFrom(flags.failOn as Severity, hub, question)))
    return ExitCode.findings;
  return flags.strict === true && !(watched.length > 0 && watched.every(isWhole))
    ? ExitCode.lost
    : ExitCode.ok;
}

function questionOf(words: readonly string[], { sort, by, asOf, since }: ListFlags, now: Date): ListQuestion {
  const q = words.join(' ').trim();
  return {
    ...(q !== '' && { q }),
    ...(sort !== undefined && { sort }),
    ...(by !== undefined && { by }),
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
