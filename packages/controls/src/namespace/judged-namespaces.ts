import { ANY_WORKLOAD, type ObjectView } from '@bulwark/core';
import { whyOfTheCluster } from './cluster-namespaces.ts';

/** Why the limits of a namespace are not judged: where its workloads are not, neither need its limits be. */
export function whyNoLimits(view: ObjectView): string | undefined {
  return (
    whyOfTheCluster(view) ??
    (view.world.inNamespace(ANY_WORKLOAD, view.resource.name).length === 0
      ? 'No workload of the namespace is among the objects.'
      : undefined)
  );
}
