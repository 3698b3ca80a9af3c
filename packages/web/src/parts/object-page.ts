import { isStandIn } from '@bulwark/core';

/** Built-in kinds that run pods. */
const RUNS_PODS: ReadonlySet<string> = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'Pod',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

/** The page of an object: its passport where it runs pods. */
export function objectPage(kind: string, isWorkload: boolean) {
  return isWorkload || RUNS_PODS.has(kind)
    ? '/workloads/$cluster/$kind/$namespace/$name'
    : '/objects/$cluster/$kind/$namespace/$name';
}

/**
 * The page of what a finding is about. What stands for the pods of a controller that is not collected has none: no object is
 * called so.
 */
export function subjectPage(subject: { readonly kind: string; readonly name: string }, isWorkload: boolean) {
  return isStandIn(subject) ? undefined : objectPage(subject.kind, isWorkload);
}
