import {
  type Analysis,
  compileSelector,
  get,
  groupKindOf,
  groupOf,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { type PodSubject, workloadIndex } from '../network/selector-index.ts';

const BUDGET = 'policy/PodDisruptionBudget';
const AUTOSCALER = 'autoscaling/HorizontalPodAutoscaler';

/** Which PodDisruptionBudgets protect which pods. */
export interface DisruptionBudgets {
  protectedBy(budget: Resource): readonly PodSubject[];
  budgetsOf(subject: Pick<PodSubject, 'resource'>): readonly Resource[];
}

/**
 * PodDisruptionBudgets and the pods that they select. An empty selector selects the whole namespace in policy/v1 and
 * nothing in policy/v1beta1; a missing one selects nothing.
 */
export const disruptionBudgets: Analysis<DisruptionBudgets> = {
  id: 'disruption-budgets',
  reads: [workloadIndex, BUDGET],
  compute(world) {
    const index = world.get(workloadIndex);
    const pods = new Map<string, readonly PodSubject[]>();
    const budgets = new Map<string, Resource[]>();
    for (const budget of world.list(BUDGET)) {
      const selector = compileSelector(get(budget.object, 'spec', 'selector'), { absent: 'nothing' });
      const selectsNothing = !selector.ok || (selector.value.empty && budget.apiVersion === 'policy/v1beta1');
      const found = selectsNothing ? [] : index.matching(budget.namespace, selector.value);
      pods.set(budget.id, found);
      for (const id of new Set(found.map(({ resource }) => resource.id)))
        budgets.set(id, [...(budgets.get(id) ?? []), budget]);
    }
    return {
      protectedBy: (budget) => pods.get(budget.id) ?? [],
      budgetsOf: ({ resource }) => budgets.get(resource.id) ?? [],
    };
  },
};

/** What a HorizontalPodAutoscaler scales. */
export interface ScaleTarget {
  readonly autoscaler: Resource;
  /** Undefined when it is not in the World. */
  readonly target: Resource | undefined;
}

/** Autoscalers and what they scale. */
export interface Autoscalers {
  readonly targets: readonly ScaleTarget[];
  autoscalersOf(resource: Resource): readonly Resource[];
}

/** HorizontalPodAutoscalers by their `scaleTargetRef`; the version in it does not matter. */
export const autoscalers: Analysis<Autoscalers> = {
  id: 'autoscalers',
  reads: [workloadIndex, AUTOSCALER],
  compute(world) {
    const index = world.get(workloadIndex);
    const targets = world.list(AUTOSCALER).map((autoscaler): ScaleTarget => {
      const kind = stringAt(autoscaler.object, 'spec', 'scaleTargetRef', 'kind') ?? '';
      const name = stringAt(autoscaler.object, 'spec', 'scaleTargetRef', 'name') ?? '';
      const group = groupOf(stringAt(autoscaler.object, 'spec', 'scaleTargetRef', 'apiVersion') ?? '');
      const groupKind = groupKindOf(group, kind);
      const found = index
        .inNamespace(autoscaler.namespace)
        .find(({ resource }) => resource.groupKind === groupKind && resource.name === name);
      return { autoscaler, target: found?.resource };
    });
    return {
      targets,
      autoscalersOf: (resource) =>
        targets.filter(({ target }) => target?.id === resource.id).map(({ autoscaler }) => autoscaler),
    };
  },
};
