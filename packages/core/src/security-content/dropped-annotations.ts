/**
 * Annotations in which controllers, kubelets and network plug-ins keep their own state: heartbeats, addresses, revisions,
 * and copies of the object. None of them asks for anything that matters to security.
 */
const DROPPED = new Set([
  'autoscaling.alpha.kubernetes.io/behavior',
  'autoscaling.alpha.kubernetes.io/conditions',
  'autoscaling.alpha.kubernetes.io/current-metrics',
  'batch.kubernetes.io/cronjob-scheduled-timestamp',
  'batch.kubernetes.io/job-completion-index',
  'cluster-autoscaler.kubernetes.io/last-updated',
  'control-plane.alpha.kubernetes.io/leader',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'k8s.ovn.org/pod-networks',
  'k8s.v1.cni.cncf.io/network-status',
  'k8s.v1.cni.cncf.io/networks-status',
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubectl.kubernetes.io/restartedAt',
  'kubernetes.io/config.seen',
  'kubernetes.io/limit-ranger',
  'node.alpha.kubernetes.io/ttl',
  'reconcile.fluxcd.io/requestedAt',
  'vpaObservedContainers',
  'vpaUpdates',
]);
const DROPPED_PREFIX =
  /^(?:cni\.projectcalico\.org|deployment\.kubernetes\.io|deprecated\.daemonset\.template)\//;

/** Whether an annotation is left out of what is stored. */
export function isDroppedAnnotation(key: string): boolean {
  return DROPPED.has(key) || DROPPED_PREFIX.test(key);
}
