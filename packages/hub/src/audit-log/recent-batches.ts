import { createHash } from 'node:crypto';

/** An API server gives a batch up after five tries, within minutes; in that time no more batches come than these. */
const MOST = 10_000;

/** The batches that came last, by what they say: an API server that had no answer in time sends the same once more. */
export class RecentBatches {
  /** Digests in the order in which the batches were taken. */
  private readonly digests = new Set<string>();
  private readonly most: number;

  constructor(most = MOST) {
    this.most = most;
  }

  /** Lets a batch be taken, unless it was taken before. One that could not be taken is none that was. */
  async takeOnce(cluster: number, body: string, take: () => Promise<void>): Promise<void> {
    const digest = createHash('sha256').update(`${cluster} `).update(body).digest('base64');
    if (this.digests.has(digest)) return;
    await take();
    this.digests.add(digest);
    const [oldest] = this.digests;
    if (this.digests.size > this.most && oldest !== undefined) this.digests.delete(oldest);
  }
}
