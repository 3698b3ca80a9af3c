import { SEEN_IN_PODS } from '@bulwark/core';

/** Whether a row is of a workload that is made of its pods, as `withSeenPods` says. */
export function isSeenInPods(row: string): string {
  return `exists (select from body s where s.cluster_id = $1 and s.hash = ${row}.body_hash and s.content ? '${SEEN_IN_PODS}')`;
}

/** Whether a row is of one of which nothing else is known: it is no object of the cluster. Those have a uid. */
export function isBare(row: string): string {
  return `(${row}.uid = '' and ${isSeenInPods(row)})`;
}

/** Whether two rows of one object differ in nothing but what its pods are. */
export function differsInPods(row: string, before: string): string {
  const told = (of: string): string =>
    `(select s.content - '${SEEN_IN_PODS}' from body s where s.cluster_id = $1 and s.hash = ${of}.body_hash)`;
  const isSeen = `(${isSeenInPods(row)} or ${isSeenInPods(before)})`;
  return `(${row}.uid = ${before}.uid and ${row}.body_hash <> ${before}.body_hash and ${isSeen} and ${told(row)} = ${told(before)})`;
}
