import { csvLine } from '@bulwark/core';
import { jsonText, Page } from '@bulwark/formats';
import type { Io } from '../io.ts';
import type { AskedList, ListedPage } from './asked-list.ts';
import { limitsOf, seenEntries, seenLines } from './seen.ts';
import type { Sight } from './sight.ts';
import { minuteOf } from './words.ts';

export const LIST_FORMATS = ['pretty', 'json', 'jsonl', 'csv'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** What a command prints, and how. */
export interface Printing {
  readonly list: AskedList;
  readonly hub: string;
  readonly sight: Sight;
  readonly asOf: string | undefined;
  /** Whether only a part of the list was asked for: then nothing is said of all where it is empty. */
  readonly isNarrowed: boolean;
  readonly now: Date;
  readonly color: boolean;
  readonly io: Io;
}

type Pages = AsyncIterable<ListedPage>;

/** Prints pages as they come. */
export async function writeList(format: ListFormat, pages: Pages, printing: Printing): Promise<void> {
  await { pretty: writePretty, json: writeJson, jsonl: writeJsonLines, csv: writeCsv }[format](
    pages,
    printing,
  );
}

async function writePretty(
  pages: Pages,
  { list, sight, asOf, isNarrowed, now, color, io }: Printing,
): Promise<void> {
  const page = new Page({ width: io.columns, color });
  const around = {
    now: asOf === undefined ? now : new Date(asOf),
    hasOneCluster: sight.clusters.length === 1,
  };
  for (const entry of seenEntries(sight, now)) io.write(page.lines(entry));
  if (asOf !== undefined) io.write(page.lines({ label: 'AS OF', style: 'strong', text: minuteOf(asOf) }));
  let count = 0;
  let total: number | null = null;
  let hasMore = false;
  let isFirst = true;
  for await (const { items, next, total: known, lead = [] } of pages) {
    if (isFirst) io.write(`${lead.map((entry) => page.lines(entry)).join('')}\n`);
    isFirst = false;
    for (const item of items)
      io.write(
        `${item
          .entries(around)
          .map((entry) => page.lines(entry))
          .join('')}\n`,
      );
    count += items.length;
    total ??= known;
    hasMore = next !== null;
  }
  if (count === 0)
    io.write(
      page.lines({
        label: 'FOUND',
        style: 'strong',
        text: isNarrowed ? `None of the ${list.plural} fits.` : list.none,
      }),
    );
  else if (hasMore) {
    const of = total === null ? '' : ` of ${total}`;
    io.write(page.lines({ label: 'MORE', text: `The first ${count}${of}; --limit and --all show more.` }));
  } else if (count > 1) io.write(page.lines({ label: 'ALL', text: `${count} ${list.plural}.` }));
}

/** One document, written as it comes: a list may be larger than what fits into memory. */
async function writeJson(pages: Pages, { list, hub, sight, asOf, io }: Printing): Promise<void> {
  const seen = sight.clusters.map(({ id, name, state, reason, lastSeen, isDemo, seen: much }) => ({
    id,
    name,
    state,
    reason,
    lastSeen,
    isDemo,
    seen: much,
  }));
  const head = jsonText({
    schema: `bulwark.hub.${list.name}/v1`,
    hub,
    asOf: asOf ?? null,
    limits: limitsOf(sight),
    clusters: seen,
  });
  io.write(`${head.slice(0, -1)},"items":[`);
  let separator = '\n';
  let hasMore = false;
  for await (const { items, next } of pages) {
    for (const { data } of items) {
      io.write(`${separator}${jsonText(data)}`);
      separator = ',\n';
    }
    hasMore = next !== null;
  }
  io.write(`\n],"hasMore":${String(hasMore)}}\n`);
}

async function writeJsonLines(pages: Pages, { sight, now, io }: Printing): Promise<void> {
  io.writeError(seenLines(sight, now));
  for await (const { items } of pages) for (const { data } of items) io.write(`${jsonText(data)}\n`);
}

async function writeCsv(pages: Pages, { list, sight, now, io }: Printing): Promise<void> {
  io.writeError(seenLines(sight, now));
  let isFirst = true;
  for await (const { items } of pages) {
    // After the first answer, so that a query that is refused leaves no head behind.
    if (isFirst) io.write(csvLine(list.columns));
    isFirst = false;
    for (const item of items) io.write(csvLine(item.cells()));
  }
}
