import type { PoolClient } from 'pg';
import { MODEL } from './0001-model.ts';
import { AUDIT_LOG } from './0002-audit-log.ts';
import { BUILDS } from './0003-builds.ts';
import { VIEWS } from './0004-views.ts';
import { RISK } from './0007-risk.ts';
import { SUMS } from './0008-sums.ts';
import { TRIAGE_LOG } from './0009-triage-log.ts';
import { SMALL_HISTORY } from './0010-small-history.ts';
import { SUMS_OF_FIXABLE } from './0011-sums-of-fixable.ts';
import { DENSE_FINDINGS } from './0012-dense-findings.ts';
import { CONTACTS } from './0013-contacts.ts';
import { REQUESTS } from './0014-requests.ts';
import { CHANNEL_MAKERS } from './0015-channel-makers.ts';
import { PROMPT_VACUUM } from './0016-prompt-vacuum.ts';
import { NARROW_SUMS } from './0017-narrow-sums.ts';
import { TOPIC_STATES } from './0019-topic-states.ts';
import { CAUSES } from './0020-causes.ts';
import { TOLD } from './0020-told.ts';
import { REFUSAL_REASONS } from './0028-refusal-reasons.ts';
import { COVERAGE_PLACES } from './0029-coverage-places.ts';
import { KNOWN_NAMESPACES } from './0029-known-namespaces.ts';
import { CHANGED_FINDINGS } from './0030-changed-findings.ts';
import { COVERED_OBJECTS } from './0031-covered-objects.ts';
import { PAST_SUMS } from './0031-past-sums.ts';
import { TOLD_FINDINGS } from './0035-told-findings.ts';
import { AUDIT_BATCHES } from './0036-audit-batches.ts';
import { DEVICES } from './0036-devices.ts';
import { FAILED_ATTEMPTS } from './0036-failed-attempts.ts';
import { PAST_CAUSES } from './0038-past-causes.ts';
import { RESOURCE_OWNERS } from './0039-resource-owners.ts';
import { PLACE_OF_NAMESPACES } from './0040-place-of-namespaces.ts';
import { SEEN_KINDS } from './0041-seen-kinds.ts';
import { VIEWS_OF_PEOPLE } from './0043-views-of-people.ts';
import { HELD_FINDINGS } from './0044-held-findings.ts';
import { RESOURCE_LABELS } from './0045-resource-labels.ts';
import { BRIEFLY_SEEN_KINDS } from './0046-briefly-seen-kinds.ts';
import { FOLDED_TEXTS } from './0047-folded-texts.ts';
import { TOLD_ENDS } from './0049-told-ends.ts';
import { EARLIER_ASKERS } from './0053-earlier-askers.ts';
import { RECENT_MESSAGES } from './0061-recent-messages.ts';
import { TOLD_ITEMS } from './0062-told-items.ts';
import { MOVED_FINDINGS } from './0063-moved-findings.ts';
import { READERS } from './0064-readers.ts';
import { REAL_READERS } from './0065-real-readers.ts';
import { TOLD_OPERATIONS } from './0065-told-operations.ts';
import { ACCEPTED_AS_MADE } from './0066-accepted-as-made.ts';
import { WORKLOAD_INDEX } from './0067-workload-index.ts';
import { HANDED_OVER } from './0068-handed-over.ts';
import { CARRIED_OVER } from './0070-carried-over.ts';
import { TAKEN_BACK } from './0070-taken-back.ts';
import { CLUSTER_VERSIONS } from './0072-cluster-versions.ts';
import { HELD_SINCE } from './0073-held-since.ts';
import { LIVE_SINCE } from './0073-live-since.ts';
import { PAST_WORKLOAD_KINDS } from './0074-past-workload-kinds.ts';
import { OWNERS_OF_CHANGES } from './0077-owners-of-changes.ts';
import { WRITES_OF_STATUS } from './0078-writes-of-status.ts';
import { RETURNED_FINDINGS } from './0079-returned-findings.ts';
import { FORMER_FINGERPRINTS } from './0080-former-fingerprints.ts';
import { CONTENT_NAMES, nameContents } from './0081-content-names.ts';
import { BETWEEN_OWNERS } from './0082-between-owners.ts';
import { PERHAPS_FAILED } from './0083-perhaps-failed.ts';
import { LAST_WRITE } from './0084-last-write.ts';
import { CLOCK_AHEAD } from './0085-clock-ahead.ts';
import { IN_PODS } from './0086-in-pods.ts';

/** A step of the schema. */
export interface Step {
  readonly name: string;
  readonly sql: string;
  /** What no SQL can work out; it is all done, with the SQL, or nothing is. */
  readonly finish?: (client: PoolClient) => Promise<void>;
}

/** Every step of the schema, in order, never changed once released. */
export const MIGRATIONS: readonly Step[] = [
  { name: '0001-model', sql: MODEL },
  { name: '0002-audit-log', sql: AUDIT_LOG },
  { name: '0003-builds', sql: BUILDS },
  { name: '0004-views', sql: VIEWS },
  { name: '0007-risk', sql: RISK },
  { name: '0008-sums', sql: SUMS },
  { name: '0009-triage-log', sql: TRIAGE_LOG },
  { name: '0010-small-history', sql: SMALL_HISTORY },
  { name: '0011-sums-of-fixable', sql: SUMS_OF_FIXABLE },
  { name: '0012-dense-findings', sql: DENSE_FINDINGS },
  { name: '0013-contacts', sql: CONTACTS },
  { name: '0014-requests', sql: REQUESTS },
  { name: '0016-prompt-vacuum', sql: PROMPT_VACUUM },
  { name: '0017-narrow-sums', sql: NARROW_SUMS },
  { name: '0019-topic-states', sql: TOPIC_STATES },
  { name: '0020-causes', sql: CAUSES },
  { name: '0015-channel-makers', sql: CHANNEL_MAKERS },
  { name: '0028-refusal-reasons', sql: REFUSAL_REASONS },
  { name: '0020-told', sql: TOLD },
  { name: '0031-covered-objects', sql: COVERED_OBJECTS },
  { name: '0035-told-findings', sql: TOLD_FINDINGS },
  { name: '0030-changed-findings', sql: CHANGED_FINDINGS },
  { name: '0031-past-sums', sql: PAST_SUMS },
  { name: '0029-known-namespaces', sql: KNOWN_NAMESPACES },
  { name: '0029-coverage-places', sql: COVERAGE_PLACES },
  { name: '0036-audit-batches', sql: AUDIT_BATCHES },
  { name: '0036-failed-attempts', sql: FAILED_ATTEMPTS },
  { name: '0036-devices', sql: DEVICES },
  { name: '0038-past-causes', sql: PAST_CAUSES },
  { name: '0039-resource-owners', sql: RESOURCE_OWNERS },
  { name: '0044-held-findings', sql: HELD_FINDINGS },
  { name: '0045-resource-labels', sql: RESOURCE_LABELS },
  { name: '0043-views-of-people', sql: VIEWS_OF_PEOPLE },
  { name: '0040-place-of-namespaces', sql: PLACE_OF_NAMESPACES },
  { name: '0041-seen-kinds', sql: SEEN_KINDS },
  { name: '0046-briefly-seen-kinds', sql: BRIEFLY_SEEN_KINDS },
  { name: '0053-earlier-askers', sql: EARLIER_ASKERS },
  { name: '0049-told-ends', sql: TOLD_ENDS },
  { name: '0047-folded-texts', sql: FOLDED_TEXTS },
  { name: '0061-recent-messages', sql: RECENT_MESSAGES },
  { name: '0062-told-items', sql: TOLD_ITEMS },
  { name: '0063-moved-findings', sql: MOVED_FINDINGS },
  { name: '0067-workload-index', sql: WORKLOAD_INDEX },
  { name: '0064-readers', sql: READERS },
  { name: '0068-handed-over', sql: HANDED_OVER },
  { name: '0066-accepted-as-made', sql: ACCEPTED_AS_MADE },
  { name: '0065-real-readers', sql: REAL_READERS },
  { name: '0065-told-operations', sql: TOLD_OPERATIONS },
  { name: '0072-cluster-versions', sql: CLUSTER_VERSIONS },
  { name: '0070-taken-back', sql: TAKEN_BACK },
  { name: '0070-carried-over', sql: CARRIED_OVER },
  { name: '0073-live-since', sql: LIVE_SINCE },
  { name: '0073-held-since', sql: HELD_SINCE },
  { name: '0077-owners-of-changes', sql: OWNERS_OF_CHANGES },
  { name: '0074-past-workload-kinds', sql: PAST_WORKLOAD_KINDS },
  { name: '0081-content-names', sql: CONTENT_NAMES, finish: nameContents },
  { name: '0080-former-fingerprints', sql: FORMER_FINGERPRINTS },
  { name: '0078-writes-of-status', sql: WRITES_OF_STATUS },
  { name: '0082-between-owners', sql: BETWEEN_OWNERS },
  { name: '0079-returned-findings', sql: RETURNED_FINDINGS },
  { name: '0083-perhaps-failed', sql: PERHAPS_FAILED },
  { name: '0084-last-write', sql: LAST_WRITE },
  { name: '0085-clock-ahead', sql: CLOCK_AHEAD },
  { name: '0086-in-pods', sql: IN_PODS },
];
