/**
 * What a backup holds, in the order in which it can be put back. Sessions, links and devices are left out: whoever restores a
 * backup signs in anew.
 */
export const SAVED_TABLES = [
  'cluster',
  'seen_kind',
  'body',
  'resource',
  'resource_past',
  'known_namespace',
  'clock_ahead',
  'change',
  'finding',
  'finding_past',
  'former_fingerprint',
  'word',
  'counter',
  'object_counter',
  'workload_risk',
  'posture_day',
  'past_counter',
  'coverage',
  'triage',
  'triage_event',
  'comment',
  'exception',
  'build_record',
  'build_manifest',
  'build_object',
  'build_image',
  'saved_view',
  'app_user',
  'token',
  'audit',
  'audit_source',
  'channel',
  'route',
  'delivery',
  'told_finding',
  'held_finding',
  'trouble',
  'setting',
] as const;

/** Which rows of a table a backup holds, as SQL, where it is not all of them. */
export const SAVED_ROWS: Readonly<Record<string, string>> = {
  // Messages that are made. What others gather is told after the backup.
  delivery: 'message is not null',
};

/**
 * What a backup leaves out, so that a test can tell a table that was forgotten. What is to be told is among it: that was sent after
 * the backup was made, and must not be sent again by whoever restores it. What was told of findings and of clusters is saved, as whoever
 * was told of one is told of its end, and what waits until it is no longer deferred, as nobody else tells it. Audit events are what changes wait for, which have their actors by then, and batches of them come again within minutes or never.
 * States of topics tell whether what a running hub remembers still holds.
 */
export const UNSAVED_TABLES = [
  'migration',
  'session',
  'link',
  'device',
  'notice',
  'delivery_item',
  'audit_event',
  'audit_batch',
  'topic_state',
] as const;
