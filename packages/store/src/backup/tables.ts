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
  'change',
  'finding',
  'finding_past',
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
  'held_finding',
  'setting',
] as const;

/**
 * What a backup leaves out, so that a test can tell a table that was forgotten. Messages on their way are among it: they were sent
 * after the backup was made, and must not be sent again by whoever restores it; what was told of clusters is of that time. What waits
 * until it is no longer deferred is told by nobody else, and saved. Audit events are what changes wait for, which have their actors by
 * then, and batches of them come again within minutes or never. States of topics tell whether what a running hub remembers still holds.
 */
export const UNSAVED_TABLES = [
  'migration',
  'session',
  'link',
  'device',
  'notice',
  'delivery',
  'delivery_item',
  'told_finding',
  'trouble',
  'audit_event',
  'audit_batch',
  'topic_state',
] as const;
