import type { ObjectView } from '@bulwark/core';

/** Made by the control plane itself; node agents and static pods live in the first, no workloads in the others. */
export const CLUSTER_NAMESPACES: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
]);

/** Why a namespace is not judged: it is no team's. */
export function whyOfTheCluster({ resource }: Pick<ObjectView, 'resource'>): string | undefined {
  return CLUSTER_NAMESPACES.has(resource.name) ? "It holds the cluster's own objects." : undefined;
}
