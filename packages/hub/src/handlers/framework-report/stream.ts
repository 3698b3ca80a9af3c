import { FRAMEWORKS } from '@bulwark/controls';
import { AppError, type Control, FINDING_FIELDS, queryForValues } from '@bulwark/core';
import { type FindingRecord, listFindings, type Page, type Store } from '@bulwark/store';
import type { RequestContext } from '../../http/handler.ts';
import { scopeFor } from '../convert.ts';
import { EXPORTED_AT_ONCE } from '../export-stream.ts';
import { listRequestOf } from '../list-request.ts';
import { streamFile } from '../stream-file.ts';
import { lookupsOf, type ReportedFinding, reportedFinding } from './finding.ts';
import { type ReportHead, reportHead } from './head.ts';
import { ReportPage } from './page.ts';

interface Asked {
  readonly id: string;
  readonly cluster?: number | undefined;
  readonly namespace?: string | undefined;
  readonly asOf?: string | undefined;
  readonly format: 'html' | 'json';
}

/** How a report is written down. */
interface Printer {
  begin(head: ReportHead): string;
  findings(page: readonly ReportedFinding[]): string;
  end(total: number): string;
}

const TYPES = { html: 'text/html; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

/**
 * Streams the report of a framework. Without a moment it is of the present one, which stays the same over all its pages: what
 * changes meanwhile is not in it.
 *
 * @param settings.controls those that run.
 * @throws AppError `not-found` for a framework that there is not.
 */
export async function streamFrameworkReport(
  settings: { readonly store: Store; readonly controls: readonly Control[] },
  { id, cluster, namespace, asOf, format }: Asked,
  context: RequestContext,
): Promise<undefined> {
  const framework = FRAMEWORKS.find((each) => each.id === id);
  if (framework === undefined) throw new AppError('not-found');
  const { store } = settings;
  const { caller, now } = context;
  const scope = scopeFor(caller, cluster, namespace);
  const moment = asOf === undefined ? now : new Date(asOf);
  const [head, lookups] = await Promise.all([
    reportHead(settings, { framework, scope, caller, madeAt: now, asOf: moment }),
    lookupsOf(store, framework, moment),
  ]);
  const q = `${queryForValues({ framework: id })} state:open,excepted`;
  const asked = { q, sort: 'control', limit: EXPORTED_AT_ONCE, asOf: moment.toISOString() };
  const request = listRequestOf(asked, FINDING_FIELDS, now);
  const pages = pagesOf((cursor) => listFindings(store, scope, { ...request, cursor }));
  const printer = format === 'html' ? new ReportPage() : new JsonPrinter();
  const file = { name: `${id}-${head.asOf.slice(0, 10)}.${format}`, type: TYPES[format] };
  const item = (record: FindingRecord) => reportedFinding(record, lookups);
  await streamFile(context, file, piecesOf(printer, head, { pages, item }));
  return undefined;
}

async function* pagesOf(
  read: (cursor: string | undefined) => Promise<Page<FindingRecord>>,
): AsyncGenerator<readonly FindingRecord[]> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    yield items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

async function* piecesOf(
  printer: Printer,
  head: ReportHead,
  found: {
    readonly pages: AsyncGenerator<readonly FindingRecord[]>;
    readonly item: (record: FindingRecord) => ReportedFinding;
  },
): AsyncGenerator<string> {
  yield printer.begin(head);
  let total = 0;
  for await (const records of found.pages) {
    total += records.length;
    yield printer.findings(records.map(found.item));
  }
  yield printer.end(total);
}

/** One JSON document, a line for each finding. */
class JsonPrinter implements Printer {
  private isFirst = true;

  begin(head: ReportHead): string {
    return `${JSON.stringify(head).slice(0, -1)},"findings":[`;
  }

  findings(page: readonly ReportedFinding[]): string {
    return page.map((finding) => `${this.separator()}\n${JSON.stringify(finding)}`).join('');
  }

  end(total: number): string {
    return `\n],"total":${total}}\n`;
  }

  private separator(): string {
    const separator = this.isFirst ? '' : ',';
    this.isFirst = false;
    return separator;
  }
}
