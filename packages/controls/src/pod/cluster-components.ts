import { get, stringAt, type WorkloadView } from '@bulwark/core';

/**
 * Why a rule about the distance between a pod and its node says nothing of Kubernetes' own components: a control
 * plane's static pods and kube-proxy are the node, and nobody but the cluster's installer writes their manifests.
 *
 * The controls of the Pod Security Standards do not ask this: the admission plug-in judges every pod, and
 * `bulwark psa` and the frameworks rest on their verdicts. Every other control does whose rule such a component breaks.
 */
export function whyNotOwnComponent({ resource, workload }: WorkloadView): string | undefined {
  if (resource.namespace !== 'kube-system') return undefined;
  const { metadata } = workload;
  const isStatic =
    stringAt(metadata, 'annotations', 'kubernetes.io/config.source') === 'file' ||
    get(metadata, 'annotations', 'kubernetes.io/config.mirror') !== undefined;
  const isOwn =
    isStatic ||
    stringAt(metadata, 'labels', 'tier') === 'control-plane' ||
    stringAt(metadata, 'labels', 'k8s-app') === 'kube-proxy';
  return isOwn ? 'It is a component of Kubernetes itself.' : undefined;
}
