import { isSeen, type KindState, type Unseen } from '@bulwark/kube';
import type { CoverageRecord, Sight } from '@bulwark/store';
import { coverageOf, coverageOfUnseen, isAllStale, isListed, kindRecordOf, lastSeenOf } from './coverage.ts';

/** How much is seen of a cluster, and how much of it was judged. */
export function sightOf({
  kinds,
  recalled,
  isAwaited,
  unseen,
  judged,
  hasJudged,
  remark,
  now,
  judgedAt = now,
  unwritten,
  clockSkew,
}: {
  readonly kinds: readonly KindState[];
  /** The kinds of which objects from before the start count until they are seen. */
  readonly recalled: ReadonlySet<string>;
  /** Whether what depends on a kind waits for it. */
  readonly isAwaited: (kind: string) => boolean;
  readonly unseen: Unseen;
  /** What was judged otherwise than it should be, or could not be judged. */
  readonly judged: Iterable<CoverageRecord>;
  /** Whether all that was listed was judged once. */
  readonly hasJudged: boolean;
  /** What is to be said of the cluster where nothing is wrong with it. */
  readonly remark?: string | undefined;
  readonly now: Date;
  /** The moment of what was found in all that is seen, where it was judged just before. */
  readonly judgedAt?: Date | undefined;
  /** Why nothing of what is seen is written; undefined where it is. */
  readonly unwritten?: string | undefined;
  /** How many seconds the clock of the API server is ahead, where that is known. */
  readonly clockSkew?: number | undefined;
}): Sight {
  const stale = kinds.flatMap((kind) => (kind.state === 'stale' ? [kind] : []));
  const hasSeen = kinds.some((kind) => kind.state !== 'absent' && isSeen(kind));
  const [first] = isAllStale(kinds) ? stale : [];
  const isSyncing = !hasJudged || !isListed(kinds, hasJudged);
  return {
    at: judgedAt,
    state: first !== undefined || unwritten !== undefined ? 'stale' : isSyncing ? 'syncing' : 'live',
    reason: unwritten ?? first?.reason ?? remark ?? null,
    lastSeen: unwritten !== undefined ? null : hasSeen ? now : lastSeenOf(stale),
    kinds: kinds.filter(({ state }) => state !== 'absent').map(kindRecordOf),
    unserved: kinds.filter(({ state }) => state === 'absent').map(({ groupKind }) => groupKind),
    hasJudged,
    clockSkew,
    coverage: [
      ...kinds.flatMap((kind) => {
        const { groupKind } = kind;
        return (
          coverageOf(kind, { isRecalled: recalled.has(groupKind), isAwaited: isAwaited(groupKind) }) ?? []
        );
      }),
      ...coverageOfUnseen(unseen),
      ...judged,
    ],
  };
}
