import {
  ANY_WORKLOAD,
  type Analysis,
  type Labels,
  labelsOf,
  type Resource,
  type Selector,
  type Workload,
} from '@bulwark/core';

/** A pod template as selectors see it. */
export interface PodSubject {
  readonly resource: Resource;
  readonly workload: Workload;
  readonly namespace: string;
  readonly labels: Labels;
  /** Pods in the host's network are not subject to network policies. */
  readonly hostNetwork: boolean;
}

/** Finds pod templates by selector. */
export interface WorkloadIndex {
  /** Every pod template of a namespace, in the World's order. */
  inNamespace(namespace: string): readonly PodSubject[];
  /**
   * Those that a selector matches; equal selectors get the same list. Cost: the templates that have the rarest label that
   * the selector demands, once.
   */
  matching(namespace: string, selector: Selector): readonly PodSubject[];
}

class NamespaceIndex {
  readonly all: PodSubject[] = [];
  /** By `key=value`, and by the key alone. */
  private readonly byLabel = new Map<string, PodSubject[]>();
  private readonly matched = new Map<string, readonly PodSubject[]>();

  add(subject: PodSubject): void {
    this.all.push(subject);
    for (const [key, value] of Object.entries(subject.labels))
      for (const label of [key, `${key}=${value}`]) {
        const known = this.byLabel.get(label);
        if (known === undefined) this.byLabel.set(label, [subject]);
        else known.push(subject);
      }
  }

  matching(selector: Selector): readonly PodSubject[] {
    if (selector.empty) return this.all;
    const key = JSON.stringify(selector.requirements);
    let found = this.matched.get(key);
    if (found === undefined) {
      found = this.candidates(selector).filter(({ labels }) => selector.matches(labels));
      this.matched.set(key, found);
    }
    return found;
  }

  private candidates({ requirements }: Selector): readonly PodSubject[] {
    let fewest: readonly PodSubject[] = this.all;
    for (const { key, operator, values } of requirements) {
      if (operator !== 'In' && operator !== 'Exists') continue;
      const label = operator === 'In' && values.length === 1 ? `${key}=${values[0] ?? ''}` : key;
      const found = this.byLabel.get(label) ?? [];
      if (found.length < fewest.length) fewest = found;
    }
    return fewest;
  }
}

/** Every pod template by namespace and label. Cost: linear in templates and labels. */
export const workloadIndex: Analysis<WorkloadIndex> = {
  id: 'workload-index',
  reads: [ANY_WORKLOAD],
  compute(world) {
    const byNamespace = new Map<string, NamespaceIndex>();
    for (const resource of world.list(ANY_WORKLOAD)) {
      let index = byNamespace.get(resource.namespace);
      if (index === undefined) {
        index = new NamespaceIndex();
        byNamespace.set(resource.namespace, index);
      }
      for (const workload of resource.workloads)
        index.add({
          resource,
          workload,
          namespace: resource.namespace,
          labels: labelsOf(workload.metadata),
          hostNetwork: workload.spec['hostNetwork'] === true,
        });
    }
    return {
      inNamespace: (namespace) => byNamespace.get(namespace)?.all ?? [],
      matching: (namespace, selector) => byNamespace.get(namespace)?.matching(selector) ?? [],
    };
  },
};
