import type { Unseen } from '@bulwark/kube';
import { type CoverageRecord, writeSight } from '@bulwark/store';
import type { RecordedCluster } from './batches.ts';
import { rulesRecords } from './coverage.ts';
import type { KindsInView } from './kinds-in-view.ts';
import type { Knowledge } from './knowledge.ts';
import { persist } from './persist.ts';
import type { Posture } from './posture.ts';
import { sightOf } from './sight.ts';

export interface SightOptions extends RecordedCluster {
  /** Version of the API server. */
  readonly version: string;
  /** What coverage says of the way to the cluster. */
  readonly way?: readonly CoverageRecord[];
  /** What is to be said of the cluster where nothing is wrong with it. */
  readonly remark?: () => string | undefined;
}

interface Parts extends SightOptions {
  readonly kinds: KindsInView;
  readonly knowledge: Knowledge;
  readonly posture: Posture;
}

/** How much of a cluster is seen and was judged, as it is written. */
export class WrittenSight {
  private readonly parts: Parts;
  private unseen: Unseen = { kinds: [], groups: [] };
  private isOutdated = false;
  /** The session of the lease in which it was last written. */
  private writtenBy: number | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Notes that it may be different from what is written. */
  outdate(): void {
    this.isOutdated = true;
  }

  /** Takes what the cluster serves that is not seen. */
  noteUnseen(unseen: Unseen): void {
    this.unseen = unseen;
    this.outdate();
  }

  /**
   * Writes it where it may be different.
   *
   * @param hasJudged whether all that was listed was judged once.
   * @param judgedAt the moment of what was found, where it was judged just before.
   */
  async write(hasJudged: boolean, judgedAt: Date | undefined): Promise<void> {
    const { store, cluster, session, now, kinds, knowledge, posture } = this.parts;
    // Another session: while the lease was not held, it may have been said that nobody watches the cluster.
    if (!this.isOutdated && session?.() === this.writtenBy) return;
    this.isOutdated = false;
    const { remark, version, way = [] } = this.parts;
    const sight = sightOf({
      kinds: kinds.all,
      recalled: knowledge.recalledKinds(),
      isAwaited: (kind) => kinds.isAwaited(kind),
      unseen: this.unseen,
      judged: [...way, ...rulesRecords(version), ...posture.coverage()],
      hasJudged,
      remark: remark?.(),
      now: now(),
      judgedAt,
    });
    await persist(this.parts, async () => {
      // At each attempt: a database that was away has another session by then.
      const holder = session?.();
      await writeSight(store, cluster, sight, holder);
      this.writtenBy = holder;
    });
  }
}
