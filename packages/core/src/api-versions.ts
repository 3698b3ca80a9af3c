import type { GroupKind } from './group-kind.ts';

/**
 * The minor versions of Kubernetes in which a version of a kind came, was deprecated and went. `null` where that is not
 * known or was never announced; `removed` may lie ahead. Versions that went before 1.0 have no `introduced`.
 */
export type VersionHistory = readonly [
  introduced: number | null,
  deprecated?: number | null,
  removed?: number,
];

/** Every version in which a kind was ever served, the one to prefer first. */
export interface KindHistory {
  readonly versions: Readonly<Record<string, VersionHistory>>;
  /** The kind that took over, where no version of this one did. */
  readonly successor?: GroupKind;
}

/** The API of before 1.0, which no release since then serves. */
const BEFORE_1_0 = {
  v1beta3: [null, null, 0],
  v1beta2: [null, null, 0],
  v1beta1: [null, null, 0],
} as const satisfies KindHistory['versions'];

/**
 * The kinds that an API server serves by itself, in every release from 1.0 to 1.37. Kinds that no manifest can hold (the
 * options of a request, reviews sent to webhooks) are absent.
 *
 * From 1.15 on: the lifecycle markers of the modules k8s.io/api, k8s.io/apiextensions-apiserver and
 * k8s.io/kube-aggregator, corrected by the releases in which a type really came and went. Before: release notes and the
 * deprecated API migration guide (https://kubernetes.io/docs/reference/using-api/deprecation-guide/).
 */
export const API_KINDS: Readonly<Record<GroupKind, KindHistory>> = {
  Binding: { versions: { v1: [0], ...BEFORE_1_0 } },
  ComponentStatus: { versions: { v1: [0, 19], ...BEFORE_1_0 } },
  ConfigMap: { versions: { v1: [2] } },
  Endpoints: { versions: { v1: [0, 33], ...BEFORE_1_0 }, successor: 'discovery.k8s.io/EndpointSlice' },
  EphemeralContainers: { versions: { v1: [16, null, 22] }, successor: 'Pod' },
  Event: { versions: { v1: [0], ...BEFORE_1_0 } },
  LimitRange: { versions: { v1: [0], ...BEFORE_1_0 } },
  Namespace: { versions: { v1: [0], ...BEFORE_1_0 } },
  Node: { versions: { v1: [0], ...BEFORE_1_0 } },
  PersistentVolume: { versions: { v1: [0], ...BEFORE_1_0 } },
  PersistentVolumeClaim: { versions: { v1: [0], ...BEFORE_1_0 } },
  Pod: { versions: { v1: [0], ...BEFORE_1_0 } },
  PodTemplate: { versions: { v1: [0], ...BEFORE_1_0 } },
  ReplicationController: { versions: { v1: [0], ...BEFORE_1_0 } },
  ResourceQuota: { versions: { v1: [0], ...BEFORE_1_0 } },
  Secret: { versions: { v1: [0], ...BEFORE_1_0 } },
  Service: { versions: { v1: [0], ...BEFORE_1_0 } },
  ServiceAccount: { versions: { v1: [0], ...BEFORE_1_0 } },
  'admissionregistration.k8s.io/ExternalAdmissionHookConfiguration': {
    versions: { v1alpha1: [7, null, 9] },
    successor: 'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  },
  'admissionregistration.k8s.io/InitializerConfiguration': { versions: { v1alpha1: [7, null, 14] } },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': {
    versions: { v1: [36], v1beta1: [34, 37, 40], v1alpha1: [32, 35, 38] },
  },
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': {
    versions: { v1: [36], v1beta1: [34, 37, 40], v1alpha1: [32, 35, 38] },
  },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': {
    versions: { v1: [16], v1beta1: [9, 16, 22] },
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    versions: { v1: [30], v1beta1: [28, 31, 34], v1alpha1: [26, 29, 32] },
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': {
    versions: { v1: [30], v1beta1: [28, 31, 34], v1alpha1: [26, 29, 32] },
  },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': {
    versions: { v1: [16], v1beta1: [9, 16, 22] },
  },
  'apiextensions.k8s.io/CustomResourceDefinition': { versions: { v1: [16], v1beta1: [7, 16, 22] } },
  'apiregistration.k8s.io/APIService': {
    versions: { v1: [10], v1beta1: [7, 19, 22], v1alpha1: [6, null, 7] },
  },
  'apps/ControllerRevision': { versions: { v1: [9], v1beta2: [8, 9, 16], v1beta1: [7, 8, 16] } },
  'apps/DaemonSet': { versions: { v1: [9], v1beta2: [8, 9, 16] } },
  'apps/Deployment': { versions: { v1: [9], v1beta2: [8, 9, 16], v1beta1: [6, 8, 16] } },
  'apps/PetSet': { versions: { v1alpha1: [3, null, 5] }, successor: 'apps/StatefulSet' },
  'apps/ReplicaSet': { versions: { v1: [9], v1beta2: [8, 9, 16] } },
  'apps/Scale': { versions: { v1beta2: [8, 9, 16], v1beta1: [6, 8, 16] }, successor: 'autoscaling/Scale' },
  'apps/StatefulSet': { versions: { v1: [9], v1beta2: [8, 9, 16], v1beta1: [5, 8, 16] } },
  'auditregistration.k8s.io/AuditSink': { versions: { v1alpha1: [13, null, 19] } },
  'authentication.k8s.io/SelfSubjectReview': {
    versions: { v1: [28], v1beta1: [27, 30, 33], v1alpha1: [26, 29, 32] },
  },
  'authentication.k8s.io/TokenRequest': { versions: { v1: [10] } },
  'authentication.k8s.io/TokenReview': { versions: { v1: [6], v1beta1: [4, 19, 22] } },
  'authorization.k8s.io/LocalSubjectAccessReview': { versions: { v1: [6], v1beta1: [2, 19, 22] } },
  'authorization.k8s.io/SelfSubjectAccessReview': { versions: { v1: [6], v1beta1: [2, 19, 22] } },
  'authorization.k8s.io/SelfSubjectRulesReview': { versions: { v1: [8], v1beta1: [8, 19, 22] } },
  'authorization.k8s.io/SubjectAccessReview': { versions: { v1: [6], v1beta1: [2, 19, 22] } },
  'autoscaling/HorizontalPodAutoscaler': {
    versions: { v2: [23], v1: [2], v2beta2: [12, 23, 26], v2beta1: [8, 22, 25], v2alpha1: [6, null, 8] },
  },
  'autoscaling/Scale': { versions: { v1: [2] } },
  'batch/CronJob': { versions: { v1: [21], v1beta1: [8, 21, 25], v2alpha1: [5, 8, 21] } },
  'batch/Job': { versions: { v1: [2], v2alpha1: [3, null, 8] } },
  'batch/JobTemplate': { versions: { v1beta1: [8, 22, 25], v2alpha1: [4, 8, 21] } },
  'batch/ScheduledJob': { versions: { v2alpha1: [4, 5, 8] }, successor: 'batch/CronJob' },
  'certificates.k8s.io/CertificateSigningRequest': {
    versions: { v1: [19], v1beta1: [6, 19, 22], v1alpha1: [4, null, 6] },
  },
  'certificates.k8s.io/ClusterTrustBundle': {
    versions: { v1: [37], v1beta1: [33, 37, 40], v1alpha1: [27, 34, 37] },
  },
  'certificates.k8s.io/PodCertificateRequest': {
    versions: { v1: [37], v1beta1: [35, 37, 40], v1alpha1: [34, null, 35] },
  },
  'coordination.k8s.io/Lease': { versions: { v1: [14], v1beta1: [12, 19, 22] } },
  'coordination.k8s.io/LeaseCandidate': {
    versions: { v1beta1: [33, 36, 39], v1alpha2: [32, 35, 38], v1alpha1: [31, null, 32] },
  },
  'discovery.k8s.io/EndpointSlice': {
    versions: { v1: [21], v1beta1: [17, 21, 25], v1alpha1: [16, null, 21] },
  },
  'events.k8s.io/Event': { versions: { v1: [19], v1beta1: [8, 22, 25] } },
  'extensions/DaemonSet': { versions: { v1beta1: [1, 8, 16] }, successor: 'apps/DaemonSet' },
  'extensions/Deployment': { versions: { v1beta1: [1, 8, 16] }, successor: 'apps/Deployment' },
  'extensions/HorizontalPodAutoscaler': {
    versions: { v1beta1: [1, null, 6] },
    successor: 'autoscaling/HorizontalPodAutoscaler',
  },
  'extensions/Ingress': { versions: { v1beta1: [1, 14, 22] }, successor: 'networking.k8s.io/Ingress' },
  'extensions/Job': { versions: { v1beta1: [1, null, 6] }, successor: 'batch/Job' },
  'extensions/NetworkPolicy': {
    versions: { v1beta1: [3, 9, 16] },
    successor: 'networking.k8s.io/NetworkPolicy',
  },
  'extensions/PodSecurityPolicy': {
    versions: { v1beta1: [2, 11, 16] },
    successor: 'policy/PodSecurityPolicy',
  },
  'extensions/ReplicaSet': { versions: { v1beta1: [2, 8, 16] }, successor: 'apps/ReplicaSet' },
  'extensions/Scale': { versions: { v1beta1: [1, 2, 16] }, successor: 'autoscaling/Scale' },
  'extensions/ThirdPartyResource': {
    versions: { v1beta1: [1, 7, 8] },
    successor: 'apiextensions.k8s.io/CustomResourceDefinition',
  },
  'flowcontrol.apiserver.k8s.io/FlowSchema': {
    versions: {
      v1: [29],
      v1beta3: [26, 29, 32],
      v1beta2: [23, 26, 29],
      v1beta1: [20, 23, 26],
      v1alpha1: [18, 20, 21],
    },
  },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': {
    versions: {
      v1: [29],
      v1beta3: [26, 29, 32],
      v1beta2: [23, 26, 29],
      v1beta1: [20, 23, 26],
      v1alpha1: [18, 20, 21],
    },
  },
  'internal.apiserver.k8s.io/StorageVersion': { versions: { v1alpha1: [20] } },
  'lifecycle.k8s.io/Eviction': { versions: { v1alpha1: [37, 40, 43] } },
  'lifecycle.k8s.io/EvictionRequest': { versions: { v1alpha1: [37, 40, 43] } },
  'networking.k8s.io/ClusterCIDR': { versions: { v1alpha1: [25, 28, 29] } },
  'networking.k8s.io/IPAddress': { versions: { v1: [33], v1beta1: [31, 34, 37], v1alpha1: [27, 30, 33] } },
  'networking.k8s.io/Ingress': { versions: { v1: [19], v1beta1: [14, 19, 22] } },
  'networking.k8s.io/IngressClass': { versions: { v1: [19], v1beta1: [18, 19, 22] } },
  'networking.k8s.io/NetworkPolicy': { versions: { v1: [7] } },
  'networking.k8s.io/ServiceCIDR': { versions: { v1: [33], v1beta1: [31, 34, 37], v1alpha1: [29, 30, 33] } },
  'node.k8s.io/RuntimeClass': { versions: { v1: [20], v1beta1: [14, 22, 25], v1alpha1: [14, null, 24] } },
  'policy/Eviction': { versions: { v1: [22], v1beta1: [5, 22, 25], v1alpha1: [4, null, 5] } },
  'policy/PodDisruptionBudget': { versions: { v1: [21], v1beta1: [5, 21, 25], v1alpha1: [4, null, 5] } },
  'policy/PodSecurityPolicy': { versions: { v1beta1: [10, 21, 25] } },
  'rbac.authorization.k8s.io/ClusterRole': {
    versions: { v1: [8], v1beta1: [6, 17, 22], v1alpha1: [3, 8, 23] },
  },
  'rbac.authorization.k8s.io/ClusterRoleBinding': {
    versions: { v1: [8], v1beta1: [6, 17, 22], v1alpha1: [3, 8, 23] },
  },
  'rbac.authorization.k8s.io/Role': { versions: { v1: [8], v1beta1: [6, 17, 22], v1alpha1: [3, 8, 23] } },
  'rbac.authorization.k8s.io/RoleBinding': {
    versions: { v1: [8], v1beta1: [6, 17, 22], v1alpha1: [3, 8, 23] },
  },
  'resource.k8s.io/DeviceClass': {
    versions: { v1: [34], v1beta2: [33, 36, 39], v1beta1: [32, 35, 38], v1alpha3: [31, null, 34] },
  },
  'resource.k8s.io/DeviceTaintRule': {
    versions: { v1: [37], v1beta2: [36, 39, 42], v1alpha3: [33, 36, 39] },
  },
  'resource.k8s.io/PodScheduling': {
    versions: { v1alpha1: [26, null, 27] },
    successor: 'resource.k8s.io/PodSchedulingContext',
  },
  'resource.k8s.io/PodSchedulingContext': {
    versions: { v1alpha3: [31, null, 32], v1alpha2: [27, null, 31] },
  },
  'resource.k8s.io/ResourceClaim': {
    versions: {
      v1: [34],
      v1beta2: [33, 36, 39],
      v1beta1: [32, 35, 38],
      v1alpha3: [31, null, 34],
      v1alpha2: [27, null, 31],
      v1alpha1: [26, null, 27],
    },
  },
  'resource.k8s.io/ResourceClaimParameters': { versions: { v1alpha2: [30, null, 31] } },
  'resource.k8s.io/ResourceClaimTemplate': {
    versions: {
      v1: [34],
      v1beta2: [33, 36, 39],
      v1beta1: [32, 35, 38],
      v1alpha3: [31, null, 34],
      v1alpha2: [27, null, 31],
      v1alpha1: [26, null, 27],
    },
  },
  'resource.k8s.io/ResourceClass': {
    versions: { v1alpha2: [27, null, 31], v1alpha1: [26, null, 27] },
    successor: 'resource.k8s.io/DeviceClass',
  },
  'resource.k8s.io/ResourceClassParameters': { versions: { v1alpha2: [30, null, 31] } },
  'resource.k8s.io/ResourcePoolStatusRequest': { versions: { v1alpha3: [36, 39, 42] } },
  'resource.k8s.io/ResourceSlice': {
    versions: {
      v1: [34],
      v1beta2: [33, 36, 39],
      v1beta1: [32, 35, 38],
      v1alpha3: [31, null, 34],
      v1alpha2: [30, null, 31],
    },
  },
  'scheduling.k8s.io/CompositePodGroup': { versions: { v1alpha3: [37] } },
  'scheduling.k8s.io/PodGroup': {
    versions: { v1beta1: [37, 40, 43], v1alpha3: [37], v1alpha2: [36, null, 37] },
  },
  'scheduling.k8s.io/PriorityClass': { versions: { v1: [14], v1beta1: [11, 14, 22], v1alpha1: [8, 14, 23] } },
  'scheduling.k8s.io/Workload': {
    versions: { v1beta1: [37, 40, 43], v1alpha3: [37], v1alpha2: [36, null, 37], v1alpha1: [35, null, 36] },
  },
  'settings.k8s.io/PodPreset': { versions: { v1alpha1: [6, null, 20] } },
  'storage.k8s.io/CSIDriver': { versions: { v1: [18], v1beta1: [14, 19, 22] } },
  'storage.k8s.io/CSINode': { versions: { v1: [17], v1beta1: [14, 17, 22] } },
  'storage.k8s.io/CSIStorageCapacity': {
    versions: { v1: [24], v1beta1: [21, 24, 27], v1alpha1: [19, 21, 24] },
  },
  'storage.k8s.io/StorageClass': { versions: { v1: [6], v1beta1: [4, 19, 22] } },
  'storage.k8s.io/VolumeAttachment': { versions: { v1: [13], v1beta1: [10, 19, 22], v1alpha1: [9, 21, 24] } },
  'storage.k8s.io/VolumeAttributesClass': {
    versions: { v1: [34], v1beta1: [31, 34, 37], v1alpha1: [29, 32, 35] },
  },
  'storagemigration.k8s.io/StorageVersionMigration': {
    versions: { v1: [37], v1beta1: [35, 37, 40], v1alpha1: [30, 33, 35] },
  },
};
