/** What everything with a pod template comes from, as far as it is built in. */
export const WORKLOAD_KINDS: readonly string[] = [
  'Pod',
  'ReplicationController',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'batch/CronJob',
  'batch/Job',
];

/** Codes of coverage that say that a kind is not seen, so that no finding means nothing. */
const UNSEEN: ReadonlySet<string> = new Set(['missing-permission', 'unlisted-kind', 'secrets-not-read']);

/** Whether an entry of the coverage says that a kind is not seen; without one, that any is not. */
export function isOfUnseenKind(
  { code, subject }: { readonly code: string; readonly subject: string },
  kind = subject,
): boolean {
  return UNSEEN.has(code) && subject === kind;
}
