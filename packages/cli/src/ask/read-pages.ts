import type { HubConnection } from '../hub-client/connection.ts';
import type { AskedList, ListedPage, ListQuestion } from './asked-list.ts';

/** What the API gives at most at once. */
const MOST_AT_ONCE = 500;

/** The pages of a list up to a number of items, each asked for when it is wanted. */
export async function* readPages(
  list: AskedList,
  hub: HubConnection,
  { question, most }: { readonly question: ListQuestion; readonly most: number },
): AsyncGenerator<ListedPage> {
  let left = most;
  let cursor: string | undefined;
  do {
    const asked = list.hasPages
      ? { ...question, limit: Math.min(left, MOST_AT_ONCE), ...(cursor && { cursor }) }
      : question;
    const page = await list.page(hub, asked);
    // Some lists are short and come whole.
    const items = page.items.slice(0, left);
    left -= items.length;
    yield { ...page, items, next: items.length < page.items.length ? '' : page.next };
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && left > 0);
}

/** The same pages, the first of them read already: what is refused is refused before anything is printed. */
export async function readAhead<T>(pages: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await pages.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* pages;
  })();
}
