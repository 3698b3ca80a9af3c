import type { TimelineEvent } from '@bulwark/api';
import {
  commentsOf,
  type DecidedFinding,
  decidedFindings,
  findingVersions,
  type ObjectKey,
  type Scope,
  type Store,
  triageEvents,
} from '@bulwark/store';
import type { Limits } from '../access/limits.ts';
import { decidersOf, timelineOf } from './finding-timeline.ts';

interface Asked {
  readonly cluster: number;
  readonly asOf: Date | undefined;
  /** Of whoever asks, as they were given. */
  readonly limits: Limits;
}

/** What people decide; the rest of a finding's life stands with the changes that made it. */
const DECISIONS: ReadonlySet<TimelineEvent['what']> = new Set([
  'exception asked for',
  'exception refused',
  'accepted',
  'no longer accepted',
  'triage',
  'comment',
]);

/** What people decided and said until a moment about the findings that an object has then, newest first. */
export async function decisionsOf(store: Store, scope: Scope, key: ObjectKey & Asked) {
  const findings = await decidedFindings(store, scope, key);
  const lives = await Promise.all(
    findings.map((finding) => decisionsAbout(store, scope, { ...finding, limits: key.limits })),
  );
  const end = key.asOf?.getTime() ?? Number.POSITIVE_INFINITY;
  return lives
    .flat()
    .filter(({ at }) => Date.parse(at) <= end)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

async function decisionsAbout(store: Store, scope: Scope, finding: DecidedFinding & Pick<Asked, 'limits'>) {
  const [versions, triage, comments] = await Promise.all([
    findingVersions(store, scope, finding),
    triageEvents(store, finding),
    commentsOf(store, finding),
  ]);
  const { fingerprint, control, limits } = finding;
  const deciders = await decidersOf(store, versions, limits);
  return timelineOf({ versions, triage, comments, deciders })
    .filter(({ what }) => DECISIONS.has(what))
    .map((event) => ({ ...event, fingerprint, control }));
}
