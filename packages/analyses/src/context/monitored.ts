import {
  ANY_WORKLOAD,
  type Analysis,
  arrayAt,
  compileSelector,
  get,
  type Labels,
  labelsOf,
  objectAt,
  type Resource,
  type Selector,
} from '@bulwark/core';

const SERVICE = 'Service';
const POD_MONITOR = 'monitoring.coreos.com/PodMonitor';

/** What the monitors of the Prometheus operator select. */
export interface Monitored {
  /** Whether a monitor selects anything; undefined where no candidate is in the World, or the selector is broken. */
  selectsAny(monitor: Resource): boolean | undefined;
}

interface Labelled {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The namespaces that count. */
type Reach = ReadonlySet<unknown> | 'any';

/** Labelled things by namespace, and by each of their labels. */
class LabelledIndex {
  private readonly namespaces = new Set<string>();
  private readonly byLabel = new Map<string, Labelled[]>();
  private readonly all: Labelled[] = [];

  add(item: Labelled): void {
    this.namespaces.add(item.namespace);
    this.all.push(item);
    for (const [key, value] of Object.entries(item.labels)) {
      const label = `${key}=${value}`;
      const known = this.byLabel.get(label);
      if (known === undefined) this.byLabel.set(label, [item]);
      else known.push(item);
    }
  }

  hasAny(reach: Reach): boolean {
    if (reach === 'any') return this.all.length > 0;
    return [...reach].some((namespace) => this.namespaces.has(String(namespace)));
  }

  /** Cost: the things that have the rarest label which the selector demands. */
  hasMatch(selector: Selector, reach: Reach): boolean {
    let fewest = this.all;
    for (const { key, operator, values } of selector.requirements) {
      if (operator !== 'In' || values.length !== 1) continue;
      const found = this.byLabel.get(`${key}=${values[0] ?? ''}`) ?? [];
      if (found.length < fewest.length) fewest = found;
    }
    return fewest.some(
      ({ namespace, labels }) => (reach === 'any' || reach.has(namespace)) && selector.matches(labels),
    );
  }
}

/** The namespaces in which a monitor looks (monitoring.coreos.com, NamespaceSelector). */
function reachOf({ object, namespace }: Resource): Reach {
  const selector = objectAt(object, 'spec', 'namespaceSelector');
  if (get(selector, 'any') === true) return 'any';
  const names = arrayAt(selector, 'matchNames') ?? [];
  return new Set(names.length > 0 ? names : [namespace]);
}

/** ServiceMonitors and the Services they select, PodMonitors and the pod templates. Cost: linear in labels. */
export const monitored: Analysis<Monitored> = {
  id: 'monitored',
  reads: [SERVICE, ANY_WORKLOAD],
  compute(world) {
    const services = new LabelledIndex();
    for (const { namespace, object } of world.list(SERVICE))
      services.add({ namespace, labels: labelsOf(objectAt(object, 'metadata')) });
    const pods = new LabelledIndex();
    for (const { namespace, workloads } of world.list(ANY_WORKLOAD))
      for (const { metadata } of workloads) pods.add({ namespace, labels: labelsOf(metadata) });
    return {
      selectsAny(monitor) {
        const index = monitor.groupKind === POD_MONITOR ? pods : services;
        const reach = reachOf(monitor);
        if (!index.hasAny(reach)) return undefined;
        const selector = compileSelector(get(monitor.object, 'spec', 'selector'), { absent: 'nothing' });
        return selector.ok ? index.hasMatch(selector.value, reach) : undefined;
      },
    };
  },
};
