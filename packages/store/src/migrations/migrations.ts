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
import { CHANGED_FINDINGS } from './0030-changed-findings.ts';
import { COVERED_OBJECTS } from './0031-covered-objects.ts';
import { TOLD_FINDINGS } from './0035-told-findings.ts';

/** Every step of the schema, in order, never changed once released. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
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
];
