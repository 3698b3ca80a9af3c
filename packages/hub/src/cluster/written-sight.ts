import type { Unseen } from '@bulwark/kube';
import { type CoverageRecord, writeSight } from '@bulwark/store';
import type { RecordedCluster } from './batches.ts';
import { rulesRecords } from './coverage.ts';
import type { HeldUp } from './held-up.ts';
import type { KindsInView } from './kinds-in-view.ts';
import type { Knowledge } from './knowledge.ts';
import type { LastWrite } from './last-write.ts';
import type { Posture } from './posture.ts';
import { sightOf } from './sight.ts';

export interface SightOptions extends RecordedCluster {
  /** Version of the API server. */
  readonly version: string;
  /** What coverage says of the way to the cluster. */
  readonly way?: readonly CoverageRecord[];
  /** What is to be said of the cluster where nothing is wrong with it. */
  readonly remark?: () => string | undefined;
  /** How many milliseconds the clock of the API server is ahead of ours, where that is known. */
  readonly clockSkewMs?: () => number | undefined;
  /** Says that what is seen is not written, as long as it is not. */
  readonly heldUp?: HeldUp;
}

interface Parts extends SightOptions {
  readonly kinds: KindsInView;
  readonly knowledge: Knowledge;
  readonly posture: Posture;
  readonly last: LastWrite;
  /** What the database refuses of it, the same list as long as nothing changes. */
  readonly refused: () => readonly CoverageRecord[];
}

/** Clocks that are kept in time differ by less, in milliseconds. */
const AGREE_MS = 60_000;
/** How much they differ is written to so much, in seconds: the answers of a server take more and less time. */
const STEP_S = 60;

/** How many seconds a clock is ahead, 0 where it agrees. */
function skewOf(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined) return undefined;
  return Math.abs(milliseconds) <= AGREE_MS ? 0 : Math.round(milliseconds / 1000 / STEP_S) * STEP_S;
}

/** How much of a cluster is seen and was judged, as it is written. */
export class WrittenSight {
  private readonly parts: Parts;
  private unseen: Unseen = { kinds: [], groups: [] };
  private isOutdated = false;
  /** The session of the lease in which it was last written. */
  private writtenBy: number | undefined;
  /** How often it was said until then that nothing is written. */
  private saidBefore = 0;
  private refusedBefore: readonly CoverageRecord[] = [];
  private skewBefore: number | undefined;

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
    if (this.isDifferent()) await this.writeNow(hasJudged, judgedAt);
    // All that was seen is written by now.
    if (hasJudged) this.parts.heldUp?.end();
  }

  private isDifferent(): boolean {
    const { session, refused } = this.parts;
    if (this.isOutdated || refused() !== this.refusedBefore || this.skew !== this.skewBefore) return true;
    // Another session: while the lease was not held, it may have been said that nobody watches the cluster.
    return session?.() !== this.writtenBy || this.timesSaid !== this.saidBefore;
  }

  private get skew(): number | undefined {
    return skewOf(this.parts.clockSkewMs?.());
  }

  private get timesSaid(): number {
    return this.parts.heldUp?.timesSaid ?? 0;
  }

  private async writeNow(hasJudged: boolean, judgedAt: Date | undefined): Promise<void> {
    const { store, cluster, last, now, kinds, knowledge, posture, refused, heldUp } = this.parts;
    this.isOutdated = false;
    const { remark, version, way = [] } = this.parts;
    const refusals = refused();
    const { skew } = this;
    const sight = sightOf({
      kinds: kinds.all,
      recalled: knowledge.recalledKinds(),
      isAwaited: (kind) => kinds.isAwaited(kind),
      unseen: this.unseen,
      judged: [...way, ...rulesRecords(version), ...posture.coverage(), ...refusals],
      hasJudged,
      remark: remark?.(),
      now: now(),
      judgedAt,
      unwritten: hasJudged ? undefined : heldUp?.reason,
      clockSkew: skew,
    });
    await last.write(async (writer) => {
      const said = this.timesSaid;
      await writeSight(store, cluster, sight, writer);
      this.writtenBy = writer.session;
      this.saidBefore = said;
      this.refusedBefore = refusals;
      this.skewBefore = skew;
    });
  }
}
