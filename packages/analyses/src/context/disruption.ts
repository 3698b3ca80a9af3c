import { type Analysis, compileSelector, get, type Resource } from '@bulwark/core';
import { Selections } from '../network/selections.ts';
import { type PodSubject, workloadIndex } from '../network/selector-index.ts';

const BUDGET = 'policy/PodDisruptionBudget';

/** Which PodDisruptionBudgets protect which pods. Equal budgets share a list of pods, and pods one of budgets. */
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
    const selections = new Selections();
    for (const budget of world.list(BUDGET)) {
      const selector = compileSelector(get(budget.object, 'spec', 'selector'), { absent: 'nothing' });
      const selectsNothing = !selector.ok || (selector.value.empty && budget.apiVersion === 'policy/v1beta1');
      selections.add(budget, selectsNothing ? [] : index.matching(budget.namespace, selector.value));
    }
    return {
      protectedBy: (budget) => selections.podsOf(budget),
      budgetsOf: ({ resource }) => selections.selecting(resource),
    };
  },
};
