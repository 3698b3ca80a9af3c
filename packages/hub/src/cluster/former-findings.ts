import { hasFormerFindings, takeOverFormer, takeOverRiskDigests } from '@bulwark/store';
import type { RecordedCluster } from './batches.ts';
import { formerFindingOf } from './finding-row.ts';
import type { LastWrite } from './last-write.ts';
import { persist } from './persist.ts';
import type { Posture, PostureDelta } from './posture.ts';
import type { StoredRows } from './stored-rows.ts';
import type { TakenDecisions } from './taken-decisions.ts';

interface Parts {
  readonly stored: StoredRows;
  readonly posture: Posture;
  readonly decisions: TakenDecisions;
  readonly last: LastWrite;
}

/**
 * What is stored of a cluster under fingerprints of version 1. It goes over to the findings of now before these are compared with what
 * is stored, so that none is new because it is called otherwise; one that comes back later as well finds its history.
 */
export class FormerFindings {
  private readonly to: RecordedCluster;
  private readonly parts: Parts;
  private isLeft = false;

  constructor(to: RecordedCluster, parts: Parts) {
    this.to = to;
    this.parts = parts;
  }

  /** Asks whether anything is left to be taken over. */
  async load(): Promise<void> {
    const { store, cluster } = this.to;
    this.isLeft = await persist(this.to, () => hasFormerFindings(store, cluster));
  }

  /** Gives what was found the history that it has under its former names. Returns it, decided by these as well. */
  async takeOver(delta: PostureDelta): Promise<PostureDelta> {
    const { store, cluster } = this.to;
    const { redigested } = delta.risks;
    if (redigested.length > 0) await persist(this.to, () => takeOverRiskDigests(store, cluster, redigested));
    if (!this.isLeft) return delta;
    const { stored, posture, decisions, last } = this.parts;
    const fresh = delta.upserted.filter(({ finding }) => !stored.hasFinding(finding.fingerprint));
    if (fresh.length === 0) return delta;
    const byFingerprint = new Map(fresh.map((decided) => [decided.finding.fingerprint, decided]));
    const asked = [...byFingerprint.values()].map(formerFindingOf);
    const taken = await last.write((writer) => takeOverFormer(store, cluster, asked, writer));
    const settings = decisions.rename(
      new Map([...taken].map(([fingerprint, former]) => [former, fingerprint])),
    );
    const decidedByName = [...taken].flatMap(([fingerprint, former]) =>
      settings !== undefined || stored.accepted(former) !== undefined
        ? (byFingerprint.get(fingerprint)?.finding ?? [])
        : [],
    );
    stored.rename(asked.filter(({ fingerprint }) => taken.has(fingerprint)));
    if (taken.size > 0) await this.load();
    return { ...delta, upserted: [...delta.upserted, ...posture.decideAgain(decidedByName, settings)] };
  }
}
