import type { Query, QueryClient } from '@tanstack/react-query';

/** The shortest time between two answers to the same question while changes keep coming. */
const REST_MS = 800;

/** Asks the hub again what is on the page and has gone stale, each question about once a second at most, and nothing while nobody looks. */
export class Refresher {
  private readonly queries: QueryClient;
  /** Hashes of the queries that are to be asked again. */
  private readonly waiting = new Set<string>();
  /** Those that are being asked, or were a moment ago. */
  private readonly resting = new Set<string>();

  private readonly isHidden: () => boolean;

  /** @param isHidden whether nobody looks at the page. */
  constructor(queries: QueryClient, isHidden: () => boolean) {
    this.queries = queries;
    this.isHidden = isHidden;
  }

  /** Notes which queries are stale. Those that are not on the page are asked when they are shown. */
  note(isStale: (query: Query) => boolean): void {
    for (const query of this.queries.getQueryCache().getAll()) {
      if (!isStale(query)) continue;
      query.invalidate();
      this.waiting.add(query.queryHash);
    }
    this.ask();
  }

  /** Asks what waits. What is being asked is not asked twice where it was begun after the last note. */
  ask({ cancelRefetch = true }: { readonly cancelRefetch?: boolean } = {}): void {
    if (this.isHidden()) return;
    for (const hash of this.waiting) {
      if (this.resting.has(hash)) continue;
      this.waiting.delete(hash);
      void this.refetch(hash, cancelRefetch);
    }
  }

  private async refetch(hash: string, cancelRefetch: boolean): Promise<void> {
    this.resting.add(hash);
    await Promise.all([
      this.queries.refetchQueries(
        { type: 'active', predicate: ({ queryHash }) => queryHash === hash },
        { cancelRefetch },
      ),
      new Promise((done) => setTimeout(done, REST_MS)),
    ]);
    this.resting.delete(hash);
    this.ask();
  }
}
