import { type Analysis, compileMatchLabels, get, type Resource } from '@bulwark/core';
import { Selections } from './selections.ts';
import { type PodSubject, workloadIndex } from './selector-index.ts';

const SERVICE = 'Service';

/** Which Services lead to which pod templates. */
export interface ServiceTargets {
  /** What a Service selects; nothing when it has no selector or is an ExternalName. Equal Services share the list. */
  targetsOf(service: Resource): readonly PodSubject[];
  /** The Services that select a pod template; pods with the same Services share the list. */
  servicesOf(subject: Pick<PodSubject, 'resource'>): readonly Resource[];
}

/** Services and the pods behind them (core/v1 ServiceSpec.selector). Cost: one selection for each different selector. */
export const serviceTargets: Analysis<ServiceTargets> = {
  id: 'service-targets',
  reads: [workloadIndex, SERVICE],
  compute(world) {
    const index = world.get(workloadIndex);
    const selections = new Selections();
    for (const service of world.list(SERVICE)) {
      const selector = compileMatchLabels(get(service.object, 'spec', 'selector'), { absent: 'nothing' });
      const isExternal = get(service.object, 'spec', 'type') === 'ExternalName';
      const selects = selector.ok && !isExternal;
      selections.add(service, selects ? index.matching(service.namespace, selector.value) : []);
    }
    return {
      targetsOf: (service) => selections.podsOf(service),
      servicesOf: ({ resource }) => selections.selecting(resource),
    };
  },
};
