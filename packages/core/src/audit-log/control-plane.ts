import type { AuditActor } from './write.ts';

/**
 * The accounts in kube-system under which kube-controller-manager and cloud-controller-manager work (1.34). Others there may be
 * anybody's, such as one that deploys.
 */
const CONTROLLERS = [
  'attachdetach-controller',
  'bootstrap-signer',
  'certificate-controller',
  'cloud-controller-manager',
  'cloud-node-controller',
  'clusterrole-aggregation-controller',
  'controller-discovery',
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'device-taint-eviction-controller',
  'disruption-controller',
  'endpoint-controller',
  'endpointslice-controller',
  'endpointslicemirroring-controller',
  'ephemeral-volume-controller',
  'expand-controller',
  'generic-garbage-collector',
  'horizontal-pod-autoscaler',
  'job-controller',
  'kube-apiserver-serving-clustertrustbundle-publisher',
  'legacy-service-account-token-cleaner',
  'namespace-controller',
  'node-controller',
  'persistent-volume-binder',
  'pod-garbage-collector',
  'podcertificaterequestcleaner',
  'pv-protection-controller',
  'pvc-protection-controller',
  'replicaset-controller',
  'replication-controller',
  'resource-claim-controller',
  'resourcequota-controller',
  'root-ca-cert-publisher',
  'route-controller',
  'selinux-warning-controller',
  'service-account-controller',
  'service-cidrs-controller',
  'service-controller',
  'statefulset-controller',
  'storage-version-garbage-collector',
  'storage-version-migrator-controller',
  'token-cleaner',
  'tokens-controller',
  'ttl-after-finished-controller',
  'ttl-controller',
  'validatingadmissionpolicy-status-controller',
  'volumeattributesclass-protection-controller',
];

/** Regular expression for the users that are parts of Kubernetes, also for PostgreSQL. */
export const CONTROL_PLANE_USER = `^system:(apiserver$|kube-|node:|serviceaccount:kube-system:(${CONTROLLERS.join('|')})$)`;

const PATTERN = new RegExp(CONTROL_PLANE_USER);

/** Whether who made a request is a part of Kubernetes that carries out what others have asked for, and nobody in its name. */
export function isControlPlane({
  user,
  impersonatedBy,
}: Pick<AuditActor, 'user' | 'impersonatedBy'>): boolean {
  return impersonatedBy === null && PATTERN.test(user);
}
