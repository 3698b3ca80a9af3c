import { type Analysis, compileSelector, get, type Resource } from '@bulwark/core';
import { type PodSubject, workloadIndex } from '../network/selector-index.ts';

const BUDGET = 'policy/PodDisruptionBudget';

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
