import { type Analysis, compileMatchLabels, get, type Resource } from '@bulwark/core';
import { type PodSubject, workloadIndex } from './selector-index.ts';

const SERVICE = 'Service';

/** Which Services lead to which pod templates. */
export interface ServiceTargets {
  /** What a Service selects; nothing when it has no selector or is an ExternalName. */
  targetsOf(service: Resource): readonly PodSubject[];
  /** The Services that select a pod template. */
  servicesOf(subject: Pick<PodSubject, 'resource'>): readonly Resource[];
}

/** Services and the pods behind them (core/v1 ServiceSpec.selector). Cost: one selection for each Service. */
export const serviceTargets: Analysis<ServiceTargets> = {
  id: 'service-targets',
  reads: [workloadIndex, SERVICE],
  compute(world) {
    const index = world.get(workloadIndex);
    const targets = new Map<string, readonly PodSubject[]>();
    const services = new Map<string, Resource[]>();
    for (const service of world.list(SERVICE)) {
      const selector = compileMatchLabels(get(service.object, 'spec', 'selector'), { absent: 'nothing' });
      const isExternal = get(service.object, 'spec', 'type') === 'ExternalName';
      const found = selector.ok && !isExternal ? index.matching(service.namespace, selector.value) : [];
      targets.set(service.id, found);
      for (const id of new Set(found.map(({ resource }) => resource.id)))
        services.set(id, [...(services.get(id) ?? []), service]);
    }
    return {
      targetsOf: (service) => targets.get(service.id) ?? [],
      servicesOf: ({ resource }) => services.get(resource.id) ?? [],
    };
  },
};
