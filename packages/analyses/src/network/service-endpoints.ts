import {
  ANY_WORKLOAD,
  type Analysis,
  ENDPOINT_SLICE,
  ENDPOINTS,
  endpointsOf,
  get,
  isObject,
  labelsOf,
  objectAt,
  ownAddressesOf,
  type Resource,
  type WorldView,
} from '@bulwark/core';
import { type PodSubject, workloadIndex } from './selector-index.ts';

/** Where Services lead besides what they select: what others than Kubernetes itself wrote for them. */
export interface ServiceEndpoints {
  /** The pods of any namespace, those in their node's network only where they are named. */
  podsOf(service: Resource): readonly PodSubject[];
  /** Whether nothing says where a Service leads: it has no selector, and no endpoints that are known. */
  isUntold(service: Resource): boolean;
}

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/**
 * EndpointSlices and Endpoints that Kubernetes does not make from what a Service selects. Traffic goes to the addresses in them, whatever
 * the Service selects besides. Cost: linear in these, and in pods where nothing has said before which pods they lead to.
 */
export const serviceEndpoints: Analysis<ServiceEndpoints> = {
  id: 'service-endpoints',
  reads: [workloadIndex, ENDPOINT_SLICE, ENDPOINTS],
  compute(world) {
    const byService = new Map<string, Resource[]>();
    for (const each of [...world.list(ENDPOINT_SLICE), ...world.list(ENDPOINTS)]) {
      const name = serviceNameOf(each);
      if (name === undefined) continue;
      const key = `${each.namespace}|${name}`;
      byService.set(key, [...(byService.get(key) ?? []), each]);
    }
    const pods = new Pods(world);
    const of = (service: Resource): readonly Resource[] => {
      const known = byService.get(`${service.namespace}|${service.name}`) ?? [];
      // Endpoints of a Service with a selector are what it selects: Kubernetes writes over all else.
      return hasSelector(service) ? known.filter(({ groupKind }) => groupKind !== ENDPOINTS) : known;
    };
    return {
      podsOf: (service) => [...new Set(of(service).flatMap((each) => pods.of(each)))],
      isUntold: (service) =>
        !hasSelector(service) &&
        get(service.object, 'spec', 'type') !== 'ExternalName' &&
        of(service).length === 0,
    };
  },
};

function serviceNameOf({ groupKind, name, object }: Resource): string | undefined {
  if (groupKind === ENDPOINTS) return name;
  const labels = labelsOf(objectAt(object, 'metadata'));
  return labels[MANAGED_BY] === 'endpointslice-controller.k8s.io' ? undefined : labels[SERVICE_NAME];
}

function hasSelector({ object }: Resource): boolean {
  const selector = get(object, 'spec', 'selector');
  return isObject(selector) && Object.keys(selector).length > 0;
}

/** Finds the pods that endpoints name. */
class Pods {
  private readonly world: WorldView;
  /** Ids by key and by address, where they were looked for. */
  private known: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(world: WorldView) {
    this.world = world;
  }

  of(endpoints: Resource): readonly PodSubject[] {
    const ids = new Set(endpoints.leadsTo ?? this.named(endpoints));
    const namespaces = new Set([...ids].map((id) => id.split('|')[1] ?? ''));
    const index = this.world.get(workloadIndex);
    return [...namespaces].flatMap((namespace) =>
      index.inNamespace(namespace).filter(({ resource }) => ids.has(resource.id)),
    );
  }

  private named(endpoints: Resource): readonly string[] {
    this.known ??= podIds(this.world);
    const { addresses, pods } = endpointsOf(endpoints);
    return [...addresses, ...pods].flatMap((name) => this.known?.get(name) ?? []);
  }
}

function podIds(world: WorldView): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const pod of world.list(ANY_WORKLOAD)) {
    if (pod.groupKind !== 'Pod') continue;
    for (const name of [pod.key, ...ownAddressesOf(pod)]) {
      const known = ids.get(name);
      if (known === undefined) ids.set(name, [pod.id]);
      else known.push(pod.id);
    }
  }
  return ids;
}
