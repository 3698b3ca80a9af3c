import { defineControl, get, kinds, mayBreak, objectAt } from '@bulwark/core';
import { DISRUPTION_BUDGET } from './disruption-amounts.ts';

export const pdbPolicyMissing = defineControl({
  id: 'pdb-policy-missing',
  aliases: ['kube-score:poddisruptionbudget-has-policy'],
  title: 'Disruption budgets must set one of minAvailable and maxUnavailable',
  problem: 'set neither or both of minAvailable and maxUnavailable',
  message: '{resource} sets {which} of minAvailable and maxUnavailable.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A budget with neither is accepted and lets no pod be evicted at all, so nodes cannot be drained for upgrades and patches. One with both is refused.',
  remediation: 'Set maxUnavailable, to 1 or to a percentage, and leave minAvailable out.',
  references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  attack: [],
  fix: {
    ...mayBreak('A drain may stop one pod at a time; where only one runs, that is a pause.'),
    // Of two amounts only the team knows which is meant.
    edits: ({ path, facts }) =>
      facts['which'] === 'neither' ? [{ op: 'set', path: [...path, 'maxUnavailable'], value: 1 }] : [],
  },
  appliesTo: kinds(DISRUPTION_BUDGET),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    objectAt(resource.object, 'spec', 'selector') === undefined
      ? 'It selects nothing; as a patch it is a part of a manifest.'
      : undefined,
  *evaluate({ resource, at }) {
    const least = get(resource.object, 'spec', 'minAvailable') ?? undefined;
    const most = get(resource.object, 'spec', 'maxUnavailable') ?? undefined;
    if (least === undefined && most === undefined) yield at('spec', { which: 'neither' });
    if (least !== undefined && most !== undefined) yield at('spec.maxUnavailable', { which: 'both' });
  },
});
