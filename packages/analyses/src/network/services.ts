import { type Analysis, compileMatchLabels, get, type Resource } from '@bulwark/core';
import { Selections } from './selections.ts';
import { type PodSubject, workloadIndex } from './selector-index.ts';
import { serviceEndpoints } from './service-endpoints.ts';

const SERVICE = 'Service';

/** Which Services lead to which pod templates. */
export interface ServiceTargets {
  /**
   * What a Service selects, and what others wrote as its endpoints; nothing where it is an ExternalName. Services that select the same
   * share the list.
   */
  targetsOf(service: Resource): readonly PodSubject[];
  /** The Services that lead to a pod template; pods with the same Services share the list. */
  servicesOf(subject: Pick<PodSubject, 'resource'>): readonly Resource[];
}

/** Services and the pods behind them (core/v1 ServiceSpec.selector, and see `serviceEndpoints`). Cost: one selection for each different selector. */
export const serviceTargets: Analysis<ServiceTargets> = {
  id: 'service-targets',
  reads: [workloadIndex, serviceEndpoints, SERVICE],
  compute(world) {
    const index = world.get(workloadIndex);
    const endpoints = world.get(serviceEndpoints);
    const selections = new Selections();
    for (const service of world.list(SERVICE)) {
      const selector = compileMatchLabels(get(service.object, 'spec', 'selector'), { absent: 'nothing' });
      const isExternal = get(service.object, 'spec', 'type') === 'ExternalName';
      const selects = selector.ok && !isExternal;
      const selected = selects ? index.matching(service.namespace, selector.value) : [];
      const named = isExternal ? [] : endpoints.podsOf(service);
      selections.add(service, named.length === 0 ? selected : [...new Set([...selected, ...named])]);
    }
    return {
      targetsOf: (service) => selections.podsOf(service),
      servicesOf: ({ resource }) => selections.selecting(resource),
    };
  },
};
