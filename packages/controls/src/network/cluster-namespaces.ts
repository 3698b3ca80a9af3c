import { networkPolicies, workloadIndex } from '@bulwark/analyses';
import type { ObjectView } from '@bulwark/core';
import { whyOthersDecide } from './policed-pods.ts';

/** Made by the control plane itself; the pods of the first belong to the cluster, the others have none. */
const OF_THE_CLUSTER = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** What the controls on the policies of a namespace read. */
export const NAMESPACE_READS = [workloadIndex, networkPolicies] as const;

/** Why a namespace needs no policy of its own, or none that can be judged; undefined when it does. */
export function whyNoPolicyNeeded(view: ObjectView): string | undefined {
  const { resource, world } = view;
  if (OF_THE_CLUSTER.has(resource.name)) return "It holds the cluster's own objects.";
  const pods = world.get(workloadIndex).inNamespace(resource.name);
  if (pods.length === 0) return 'None of its pods is known.';
  if (pods.every(({ hostNetwork }) => hostNetwork)) return "All its pods are in the host's network.";
  return whyOthersDecide(view, resource.name);
}
