import { defineControl, type GroupKind, get, isObject, type Json, kinds, type Resource } from '@bulwark/core';
import { isPlaceholder } from '../resources/placeholders.ts';
import { podsOf } from './disruption-amounts.ts';

const TYPES = new Map<GroupKind, readonly string[]>([
  ['apps/Deployment', ['RollingUpdate', 'Recreate']],
  ['apps/DaemonSet', ['RollingUpdate', 'OnDelete']],
  ['apps/StatefulSet', ['RollingUpdate', 'OnDelete']],
]);

interface Fault {
  readonly path: readonly string[];
  readonly state: string;
}

/** Whether two amounts of a rolling update are refused together: a DaemonSet takes exactly one, a Deployment any. */
function pairFault({ kind }: Resource, rolling: Json): string | undefined {
  const isDaemon = kind === 'DaemonSet';
  const surge = podsOf(get(rolling, 'maxSurge') ?? (isDaemon ? 0 : '25%'), 100);
  const unavailable = podsOf(get(rolling, 'maxUnavailable') ?? (isDaemon ? 1 : '25%'), 100);
  if (surge === undefined || unavailable === undefined) return undefined;
  if (surge === 0 && unavailable === 0)
    return 'allows neither a pod more nor a pod less, so it could not move';
  return isDaemon && surge > 0 && unavailable > 0
    ? 'sets maxSurge without setting maxUnavailable to 0'
    : undefined;
}

function* faultsOf(resource: Resource): Generator<Fault> {
  const spec = get(resource.object, 'spec');
  const field = resource.kind === 'Deployment' ? 'strategy' : 'updateStrategy';
  const other = field === 'strategy' ? 'updateStrategy' : 'strategy';
  if (isObject(get(spec, other)))
    yield { path: [other], state: `sets ${other}, which its kind calls ${field}` };
  const type = get(spec, field, 'type') ?? 'RollingUpdate';
  if (isPlaceholder(type)) return;
  const types = TYPES.get(resource.groupKind) ?? [];
  if (!types.some((known) => known === type)) {
    yield { path: [field, 'type'], state: `accepts only ${types.join(' and ')} as its type of update` };
    return;
  }
  const rolling = get(spec, field, 'rollingUpdate');
  if (!isObject(rolling)) return;
  if (type === 'Recreate')
    yield { path: [field, 'rollingUpdate'], state: 'sets rollingUpdate with type Recreate' };
  const pair =
    type === 'RollingUpdate' && resource.kind !== 'StatefulSet' ? pairFault(resource, rolling) : undefined;
  if (pair !== undefined) yield { path: [field, 'rollingUpdate'], state: pair };
}

export const rolloutStrategyInvalid = defineControl({
  id: 'rollout-strategy-invalid',
  aliases: [],
  title: 'Update strategies must be such as their kind accepts',
  problem: 'have an update strategy that their kind does not accept',
  message: '{resource} {state}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the object or drops the field, so updates, security fixes among them, do not arrive or arrive in another way than was meant.',
  remediation:
    'A Deployment has strategy with RollingUpdate or Recreate; a StatefulSet and a DaemonSet have updateStrategy with RollingUpdate or OnDelete. Set rollingUpdate only with RollingUpdate, and never both maxSurge and maxUnavailable to 0. A DaemonSet may set only one of them above 0, and maxUnavailable is 1 unless it says 0.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy',
    'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/',
  ],
  attack: [],
  appliesTo: kinds(...TYPES.keys()),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const { path, state } of faultsOf(resource)) yield at(['spec', ...path], { state });
  },
});
