import type { GroupKind } from '@bulwark/core';

/** Built-in kinds that are left out, and why. */
export const UNWATCHED_KINDS: Readonly<Record<GroupKind, string>> = {
  ComponentStatus: 'Health of the control plane, and deprecated.',
  Endpoints: 'Follows from Services and pods; what others write is mirrored to EndpointSlices.',
  Event: 'What happened, not what is.',
  'apps/ControllerRevision': 'Former templates of workloads; the present one is in the workload.',
  'certificates.k8s.io/PodCertificateRequest':
    'Kubelets ask for certificates of pods, and it changes with every pod.',
  'coordination.k8s.io/Lease': 'Heartbeats.',
  'coordination.k8s.io/LeaseCandidate': 'Heartbeats.',
  'events.k8s.io/Event': 'What happened, not what is.',
  'flowcontrol.apiserver.k8s.io/FlowSchema': 'How the API server shares its time.',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': 'How the API server shares its time.',
  'internal.apiserver.k8s.io/StorageVersion': 'Bookkeeping of API servers.',
  'lifecycle.k8s.io/EvictionRequest': 'Requests to take pods away.',
  'networking.k8s.io/IPAddress': 'Follows from Services.',
  'resource.k8s.io/DeviceTaintRule': 'Which devices are out of order.',
  'resource.k8s.io/ResourcePoolStatusRequest': 'Questions about devices.',
  'resource.k8s.io/ResourceSlice': 'Which devices nodes have, and changes with their use.',
  'scheduling.k8s.io/CompositePodGroup': 'How pods are scheduled together.',
  'scheduling.k8s.io/PodGroup': 'How pods are scheduled together.',
  'scheduling.k8s.io/Workload': 'How pods are scheduled together.',
  'storage.k8s.io/CSINode': 'Which storage drivers nodes have.',
  'storage.k8s.io/CSIStorageCapacity': 'How much room storage has.',
  'storage.k8s.io/VolumeAttachment': 'Which disk is at which node at the moment.',
  'storage.k8s.io/VolumeAttributesClass': 'How fast volumes are.',
  'storagemigration.k8s.io/StorageVersionMigration': 'Bookkeeping of API servers.',
};
