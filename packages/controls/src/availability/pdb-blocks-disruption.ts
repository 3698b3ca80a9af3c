import { defineControl, type Edit, isControlled, kinds, mayBreak } from '@bulwark/core';
import { blockadeOf, DISRUPTION_BUDGET, DISRUPTION_READS } from './disruption-amounts.ts';

export const pdbBlocksDisruption = defineControl({
  id: 'pdb-blocks-disruption',
  aliases: [
    'kube-linter:pdb-max-unavailable',
    'kube-linter:pdb-min-available',
    'polaris:pdbDisruptionsIsZero',
    'polaris:pdbMinAvailableEqualToHPAMinReplicas',
    'polaris:pdbMinAvailableGreaterThanHPAMaxReplicas',
    'polaris:pdbMinAvailableGreaterThanHPAMinReplicas',
    'kyverno:deployment-replicas-higher-than-pdb',
    'kyverno:pdb-minavailable-check',
  ],
  title: 'Disruption budgets must let pods be evicted',
  problem: 'let no pod be evicted',
  message: '{resource} {state}, so none may be evicted.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A node that runs such a pod cannot be drained. Upgrades of nodes, security patches among them, wait until they give up or somebody deletes the pod by force.',
  remediation:
    'Set maxUnavailable to 1 instead; it follows the number of replicas. A single replica cannot be moved without a pause: run two, or accept the pause. Where a team does want to be asked before every eviction, exempt the budget.',
  references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  attack: [],
  fix: {
    ...mayBreak('A drain may stop one pod at a time; where only one runs, that is a pause.'),
    edits: ({ path }) => {
      const field = ['spec', 'maxUnavailable'];
      const allow: Edit = { op: 'set', path: field, value: 1 };
      return path.at(-1) === 'maxUnavailable' ? [allow] : [{ op: 'remove', path }, allow];
    },
  },
  appliesTo: kinds(DISRUPTION_BUDGET),
  looks: 'world',
  reads: DISRUPTION_READS,
  notApplicable: ({ resource }) => (isControlled(resource) ? 'Its owner decides about it.' : undefined),
  *evaluate({ resource, world, at }) {
    const blockade = blockadeOf(resource, world);
    if (blockade !== undefined) yield at(['spec', blockade.field], { state: blockade.state });
  },
});
