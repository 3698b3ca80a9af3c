import { networkPolicies } from '@bulwark/analyses';
import { hasEnded, type ObjectView, type WorkloadView } from '@bulwark/core';

/** Why no policy can hold for a pod; undefined when one can. */
export function whyUnpoliced({ resource, spec }: WorkloadView): string | undefined {
  if (spec['hostNetwork'] === true) return "Network policies do not hold for pods in the host's network.";
  return resource.groupKind === 'Pod' && hasEnded(resource) ? 'The pod has ended.' : undefined;
}

/**
 * Why nothing is said about a namespace, although no NetworkPolicy decides: policies of other kinds are recognised, not
 * evaluated. Its pods may well be protected, so they are not said to be open.
 */
export function whyOthersDecide({ world }: ObjectView, namespace: string): string | undefined {
  const [other] = world.get(networkPolicies).otherPolicies(namespace);
  return other && `${other.kind} ${other.name} may select the pods; policies of this kind are not evaluated.`;
}
