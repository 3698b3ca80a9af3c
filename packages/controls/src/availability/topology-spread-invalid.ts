import { arrayAt, defineControl, get, type Json, workloads } from '@bulwark/core';
import { isPlaceholder } from '../resources/placeholders.ts';
import { selectsItself } from './pod-spread.ts';
import { isPartial } from './replica-count.ts';

/** Groups whose controllers give pods no other labels than those of the template, and a few of their own. */
const PLAIN_GROUPS = new Set(['', 'apps', 'batch']);

interface Fault {
  readonly field: string;
  readonly state: string;
}

/** What the API server refuses in a constraint. */
function* refusals(constraint: Json): Generator<Fault> {
  const skew = get(constraint, 'maxSkew') ?? 0;
  if (typeof skew === 'number' && skew < 1)
    yield { field: 'maxSkew', state: 'needs a maxSkew of at least 1' };
  if ((get(constraint, 'topologyKey') ?? '') === '')
    yield { field: 'topologyKey', state: 'needs a topologyKey' };
  const action = get(constraint, 'whenUnsatisfiable');
  if (action !== 'DoNotSchedule' && action !== 'ScheduleAnyway' && !isPlaceholder(action))
    yield { field: 'whenUnsatisfiable', state: 'needs DoNotSchedule or ScheduleAnyway in whenUnsatisfiable' };
  if (action === 'ScheduleAnyway' && typeof get(constraint, 'minDomains') === 'number')
    yield { field: 'minDomains', state: 'may set minDomains only with DoNotSchedule' };
}

export const topologySpreadInvalid = defineControl({
  id: 'topology-spread-invalid',
  aliases: ['kube-score:pod-topology-spread-constraints'],
  title: 'Topology spread constraints must spread their own pods',
  problem: 'have topology spread constraints without effect',
  message: 'In {resource}, a topology spread constraint {state}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server refuses a constraint that is not complete. One whose selector does not match its own pods is accepted and has no effect on them, so replicas that were meant to be apart run side by side.',
  remediation:
    'Set maxSkew, topologyKey and whenUnsatisfiable, and a labelSelector that matches the labels of the pod template. Without a labelSelector a constraint counts no pods.',
  references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/'],
  attack: [],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    isPartial(resource) ? 'Its containers have no images, so it is a part of a manifest.' : undefined,
  *evaluate({ resource, workload, spec, at }) {
    for (const [index, constraint] of (arrayAt(spec, 'topologySpreadConstraints') ?? []).entries()) {
      const faults = [...refusals(constraint)];
      const selector = get(constraint, 'labelSelector');
      if (PLAIN_GROUPS.has(resource.group) && selectsItself(selector, workload) === false)
        faults.push({ field: 'labelSelector', state: 'does not select its own pods' });
      for (const { field, state } of faults) yield at(['topologySpreadConstraints', index, field], { state });
    }
  },
});
