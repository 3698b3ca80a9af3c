import {
  arrayAt,
  controllerReference,
  defineControl,
  get,
  isObject,
  type Json,
  mayBreak,
  objectAt,
  setValue,
  stringAt,
  type WorkloadView,
  workloads,
} from '@bulwark/core';
import { whyNotOperated } from './judged-pods.ts';

const EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes';

/** What the Cluster Autoscaler takes for data that would be lost with the node. */
function isLocal(volume: Json): boolean {
  if (isObject(get(volume, 'hostPath'))) return true;
  return isObject(get(volume, 'emptyDir')) && get(volume, 'emptyDir', 'medium') !== 'Memory';
}

function whyNotScaled(view: WorkloadView): string | undefined {
  const { groupKind } = view.resource;
  if (groupKind.endsWith('/DaemonSet')) return 'The autoscaler does not wait for pods of a DaemonSet.';
  if (groupKind !== 'Pod') return whyNotOperated(view);
  const owner = controllerReference(view.resource)?.groupKind;
  if (owner === undefined) return 'The autoscaler never moves a pod that nothing controls.';
  if (owner === 'apps/DaemonSet') return 'The autoscaler does not wait for pods of a DaemonSet.';
  return whyNotOperated(view);
}

export const safeToEvictMissing = defineControl({
  id: 'safe-to-evict-missing',
  aliases: ['kyverno:add-safe-to-evict'],
  title: 'Pods with local data must say whether they may be evicted',
  problem: 'do not say whether they may be evicted',
  message: 'In {resource}, the pod has the local volume {volume} and does not say whether it may be evicted.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The Cluster Autoscaler keeps a node as long as it runs a pod with an emptyDir or hostPath volume, because it cannot know whether the data matters. Nodes stay that nobody needs.',
  remediation:
    'Set the annotation cluster-autoscaler.kubernetes.io/safe-to-evict on the pod to "true" or "false", or name the volumes that may be lost in cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes. Clusters without the Cluster Autoscaler need neither.',
  references: ['https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md'],
  attack: [],
  fix: setValue('true', mayBreak('What is in the volume is lost when the autoscaler removes the node.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyNotScaled,
  *evaluate({ workload, spec, atMetadata }) {
    const annotations = objectAt(workload.metadata, 'annotations');
    if (annotations?.[EVICT] !== undefined) return;
    const losable = (stringAt(annotations, VOLUMES) ?? '').split(',').map((name) => name.trim());
    const kept = (arrayAt(spec, 'volumes') ?? []).find(
      (volume) => isLocal(volume) && !losable.includes(stringAt(volume, 'name') ?? ''),
    );
    if (kept !== undefined)
      yield atMetadata(['annotations', EVICT], { volume: stringAt(kept, 'name') ?? 'without a name' });
  },
});
