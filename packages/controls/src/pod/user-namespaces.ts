import type { WorkloadView } from '@bulwark/core';

/** The minor version from which the Pod Security Standards allow more in a user namespace (KEP-127). */
const RELAXED_FROM = 35;

/**
 * Whether root in the pod is nobody on the node, so that the Pod Security Standards let it be root: the pod has
 * a user namespace of its own (`hostUsers: false`) and the version honours that.
 */
export function isRootHarmless({ spec, kubernetes }: WorkloadView): boolean {
  return kubernetes.minor >= RELAXED_FROM && spec['hostUsers'] === false;
}
