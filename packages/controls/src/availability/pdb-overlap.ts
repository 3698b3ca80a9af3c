import { disruptionBudgets } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';
import { DISRUPTION_BUDGET } from './disruption-amounts.ts';

export const pdbOverlap = defineControl({
  id: 'pdb-overlap',
  aliases: [],
  title: 'Pods must not have two disruption budgets',
  problem: 'select pods that have another disruption budget',
  message: '{resource} selects the pods of {workload}, as {other} does.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The eviction API refuses, with an internal error, to evict a pod that more than one budget selects. Its node can then not be drained, however much both budgets allow.',
  remediation:
    'Narrow one of the selectors or remove one of the budgets. Where the two belong to different environments, give them their namespaces in the manifest.',
  references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  attack: [],
  appliesTo: kinds(DISRUPTION_BUDGET),
  looks: 'world',
  reads: [disruptionBudgets],
  *evaluate({ resource, world, at }) {
    const budgets = world.get(disruptionBudgets);
    for (const subject of budgets.protectedBy(resource)) {
      const other = budgets.budgetsOf(subject).find(({ key }) => key !== resource.key);
      if (other === undefined) continue;
      const { kind, name } = subject.resource;
      yield at('spec.selector', { workload: `${kind}/${name}`, other: `${other.kind}/${other.name}` });
      return;
    }
  },
});
