import { arrayAt, err, isObject, type Json, type JsonObject, ok, type Result, stringAt } from '@bulwark/core';
import type { GetOptions, Got } from './document.ts';
import { failure, type KubeFailure } from './failure.ts';

/** How objects are listed. */
export interface ListOptions {
  /** How many objects the first page may have; later ones adapt to the size of what comes. */
  readonly pageSize?: number;
  readonly fieldSelector?: string;
  readonly labelSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How often the first page is tried. */
  readonly attempts?: number;
}

/** A part of a list. */
export interface Page {
  /** With `apiVersion` and `kind`, which the server leaves out of lists. */
  readonly items: readonly JsonObject[];
  /** Whether everything before belongs to a list that was given up, so that this is the first page of another. */
  readonly isFirst: boolean;
}

/** What a list ends with. */
export interface ListResult {
  /** From where to watch. */
  readonly resourceVersion: string;
}

interface Listing {
  readonly path: string;
  readonly options: ListOptions;
  readonly onPage: (page: Page) => Promise<void>;
}

type GetDocument = (path: string, options: GetOptions) => Promise<Result<Got, KubeFailure>>;

const PAGE = 500;
const SMALLEST_PAGE = 10;
const BIG_BYTES = 8 * 1024 * 1024;
const SMALL_BYTES = 2 * 1024 * 1024;
/** How often a list begins again whose continue token got too old; then it is asked for in one piece. */
const MOST_BEGINNINGS = 3;
/** A page in the middle is repeated, as often as client-go does: a list that begins again asks a busy server for more. */
const IN_THE_MIDDLE: GetOptions = { attempts: 4, askedAttempts: 10 };

/**
 * Lists page by page and waits for each page to be taken. A page that fails in passing is asked for again, and one that
 * is larger than is read with half as many objects. When the continue token expires, the list begins again, and after a
 * few times without pages.
 */
export async function listPages(
  get: GetDocument,
  { path, options, onPage }: Listing,
): Promise<Result<ListResult, KubeFailure>> {
  for (let beginnings = 1; ; beginnings++) {
    const isWhole = beginnings > MOST_BEGINNINGS;
    const listed = await listFrom(get, { path, options, onPage }, isWhole);
    if (listed.ok || listed.error.kind !== 'expired' || isWhole) return listed;
  }
}

async function listFrom(
  get: GetDocument,
  { path, options, onPage }: Listing,
  isWhole: boolean,
): Promise<Result<ListResult, KubeFailure>> {
  const most = options.pageSize ?? PAGE;
  let limit = most;
  let token: string | undefined;
  for (let isFirst = true; ; ) {
    const query = queryOf(isWhole ? undefined : limit, token, options);
    const got = await get(`${path}${query}`, isFirst ? options : { ...options, ...IN_THE_MIDDLE });
    if (!got.ok && got.error.kind === 'too-large' && limit > 1 && !isWhole) {
      // No failure of the server, and of no use to be asked for again as it was.
      limit = Math.floor(limit / 2);
      continue;
    }
    if (!got.ok) return got;
    const read = readList(got.value.value);
    if (!read.ok) return read;
    const { items, resourceVersion, continueToken } = read.value;
    await onPage({ items, isFirst });
    if (options.signal?.aborted === true) return err(failure('aborted', 'The list was given up.'));
    if (continueToken === undefined) return ok({ resourceVersion });
    isFirst = false;
    token = continueToken;
    limit = nextLimit(limit, most, got.value.bytes);
  }
}

function queryOf(
  limit: number | undefined,
  token: string | undefined,
  { fieldSelector, labelSelector }: ListOptions,
): string {
  const query = new URLSearchParams();
  if (limit !== undefined) query.set('limit', String(limit));
  if (token !== undefined) query.set('continue', token);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Objects may have up to a megabyte and a half: a page of them must not fill the memory. */
function nextLimit(limit: number, most: number, bytes: number): number {
  if (bytes > BIG_BYTES) return Math.min(limit, Math.max(SMALLEST_PAGE, Math.floor(limit / 2)));
  return bytes < SMALL_BYTES ? Math.min(most, limit * 2) : limit;
}

interface ReadList {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

function readList(list: JsonObject): Result<ReadList, KubeFailure> {
  const kind = stringAt(list, 'kind') ?? '';
  const apiVersion = stringAt(list, 'apiVersion') ?? '';
  const items = arrayAt(list, 'items') ?? (list['items'] === null ? [] : undefined);
  const resourceVersion = stringAt(list, 'metadata', 'resourceVersion');
  if (!kind.endsWith('List') || resourceVersion === undefined || !items?.every(isNamed))
    return err(failure('garbled', 'The answer is not a list of objects.'));
  const own = { apiVersion, kind: kind.slice(0, -'List'.length) };
  const token = stringAt(list, 'metadata', 'continue') ?? '';
  return ok({
    items: items.map((item) => ({ ...own, ...item })),
    resourceVersion,
    continueToken: token === '' ? undefined : token,
  });
}

function isNamed(item: Json): item is JsonObject {
  return isObject(item) && stringAt(item, 'metadata', 'name') !== undefined;
}
