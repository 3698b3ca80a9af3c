import {
  arrayAt,
  defineControl,
  get,
  isControlled,
  isObject,
  kinds,
  mayBreak,
  type Resource,
} from '@bulwark/core';
import { percentOf } from './disruption-amounts.ts';
import { ownReplicas } from './replica-count.ts';

/** Whether a pod holds something that its successor cannot have at the same time. */
function isExclusive({ workloads: [workload] }: Resource): boolean {
  const volumes = arrayAt(workload?.spec, 'volumes') ?? [];
  const holdsVolume = volumes.some((volume) => isObject(get(volume, 'persistentVolumeClaim')));
  const ports = workload?.containers.flatMap(({ spec }) => arrayAt(spec, 'ports') ?? []) ?? [];
  const holdsPort = ports.some((port) => typeof get(port, 'hostPort') === 'number');
  return holdsVolume || holdsPort || workload?.spec['hostNetwork'] === true;
}

export const rolloutStrategy = defineControl({
  id: 'rollout-strategy',
  aliases: ['kubescape:C-0305', 'kube-linter:no-rolling-update-strategy', 'kube-score:deployment-strategy'],
  title: 'Deployments must be updated without stopping all pods at once',
  problem: 'stop all pods at once when they are updated',
  message: '{resource} {state}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Every update is then an outage, and one that does not start is an outage until somebody rolls it back. That makes teams put off security updates.',
  remediation:
    'Leave strategy out, which means a rolling update. Where old and new must never run together, Recreate is right: exempt the Deployment. One whose pod mounts a claim or holds a port of the host is not judged.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy'],
  attack: [],
  fix: {
    ...mayBreak('The old and the new version run side by side during an update.'),
    edits: ({ path }) => [{ op: 'remove', path }],
  },
  appliesTo: kinds('apps/Deployment'),
  looks: 'object',
  reads: [],
  notApplicable({ resource }) {
    if (isControlled(resource)) return 'Its owner decides about it.';
    if (ownReplicas(resource) === 0) return 'It is switched off.';
    return isExclusive(resource) ? 'Two of its pods cannot run at once on one node.' : undefined;
  },
  *evaluate({ resource, at }) {
    const strategy = get(resource.object, 'spec', 'strategy');
    if (get(strategy, 'type') === 'Recreate')
      yield at('spec.strategy', { state: 'stops all old pods before it starts a new one' });
    else if ((percentOf(get(strategy, 'rollingUpdate', 'maxUnavailable')) ?? 0) >= 100)
      yield at('spec.strategy.rollingUpdate.maxUnavailable', {
        state: 'lets an update stop all pods at once',
      });
  },
});
