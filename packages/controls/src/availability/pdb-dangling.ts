import { disruptionBudgets, workloadIndex } from '@bulwark/analyses';
import { compileSelector, defineControl, get, isControlled, kinds } from '@bulwark/core';
import { DISRUPTION_BUDGET } from './disruption-amounts.ts';

export const pdbDangling = defineControl({
  id: 'pdb-dangling',
  aliases: [],
  title: 'Disruption budgets must select pods',
  problem: 'select no pod',
  message: '{resource} selects none of the pods of namespace {namespace}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A budget that selects nothing protects nothing: a drain may stop all pods of the service at once. Mostly a label was renamed or mistyped.',
  remediation:
    'Compare the selector with the labels of the pod template, not with those of the Deployment. Where the pods come from an operator or another repository, exempt the budget.',
  references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  attack: [],
  appliesTo: kinds(DISRUPTION_BUDGET),
  looks: 'world',
  reads: [disruptionBudgets, workloadIndex],
  notApplicable({ resource, world }) {
    if (isControlled(resource)) return 'Its owner decides about it.';
    const selector = compileSelector(get(resource.object, 'spec', 'selector'), { absent: 'nothing' });
    if (!selector.ok) return 'Its selector cannot be read; it may be a placeholder.';
    const isEmpty = world.get(workloadIndex).inNamespace(resource.namespace).length === 0;
    return isEmpty ? 'No pod of its namespace is in view.' : undefined;
  },
  *evaluate({ resource, world, at }) {
    if (world.get(disruptionBudgets).protectedBy(resource).length === 0)
      yield at('spec.selector', { namespace: resource.namespace });
  },
});
