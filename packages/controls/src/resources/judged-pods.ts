import { type ContainerView, hasEnded, labelsOf, objectAt, stringAt, type WorkloadView } from '@bulwark/core';

const MIRROR = 'kubernetes.io/config.mirror';
const HOOK = 'helm.sh/hook';

/** Labels of what a cluster's installer itself puts into kube-system. */
const INSTALLED: readonly (readonly [key: string, value: string | undefined])[] = [
  ['tier', 'control-plane'],
  ['k8s-app', 'kube-dns'],
  ['k8s-app', 'kube-proxy'],
  ['kubernetes.io/cluster-service', undefined],
  ['addonmanager.kubernetes.io/mode', undefined],
];

function isInstalled({ resource, workload }: WorkloadView): boolean {
  if (resource.namespace !== 'kube-system') return false;
  const labels = { ...labelsOf(workload.metadata), ...labelsOf(objectAt(resource.object, 'metadata')) };
  return INSTALLED.some(([key, value]) =>
    value === undefined ? labels[key] !== undefined : labels[key] === value,
  );
}

/** Why rules about lasting operation say nothing about a pod: it has ended, ends soon, or is not the team's. */
export function whyNotOperated(view: WorkloadView): string | undefined {
  const { object } = view.resource;
  if (hasEnded({ object })) return 'The pod has ended.';
  const annotations = objectAt(object, 'metadata', 'annotations');
  if (stringAt(annotations, HOOK) !== undefined) return 'A hook of Helm runs only while Helm does.';
  if (annotations?.[MIRROR] !== undefined) return 'The pod mirrors a file on its node and is changed there.';
  return isInstalled(view) ? "It belongs to the cluster's own installation." : undefined;
}

/** Whether the pods run to completion: those of Jobs, of pipelines, and all that do not restart always. */
export function runsToCompletion({ resource, spec }: WorkloadView): boolean {
  const policy = spec['restartPolicy'];
  if (policy === 'Never' || policy === 'OnFailure') return true;
  return resource.group === 'batch' || resource.group === 'tekton.dev';
}

/** Why a container is none that serves for as long as its pod runs. */
export function whyNotServing(view: ContainerView): string | undefined {
  const { type } = view.container;
  if (type === 'ephemeral') return 'An ephemeral container cannot have probes.';
  if (type === 'init') return 'An init container cannot have probes.';
  if (runsToCompletion(view)) return 'The pod runs to completion.';
  return whyNotOperated(view);
}
