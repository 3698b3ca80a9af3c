import { ENDPOINT_SLICE, endpointsOf, ownAddressesOf, type Resource, toResource } from '@bulwark/core';
import type { PodOfWorkload } from '@bulwark/store';

/** A pod as Services and EndpointSlices see it: with labels and addresses of its own, and the rest of the template of its workload. */
export function livePod(
  { name, labels, instance }: PodOfWorkload,
  { namespace, workloads, origin }: Resource,
): Resource {
  const spec = workloads[0]?.spec ?? {};
  const { status = {} } = instance;
  return toResource(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec, status },
    origin,
  );
}

/** The other namespaces that have EndpointSlices with one of these pods: an address may be of any. */
export function namespacesLeadingTo(
  pods: readonly Resource[],
  resources: readonly Resource[],
): readonly string[] {
  const own = new Set(pods.flatMap((pod) => [pod.id, ...ownAddressesOf(pod)]));
  const leading = resources.filter((each) => {
    if (each.groupKind !== ENDPOINT_SLICE || each.namespace === pods[0]?.namespace) return false;
    const { addresses, pods: named } = endpointsOf(each);
    return [...addresses, ...named].some((name) => own.has(name));
  });
  return [...new Set(leading.map(({ namespace }) => namespace))];
}
