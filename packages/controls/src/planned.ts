/** A check that objects alone cannot decide yet. */
export interface PlannedControl {
  /** The id it will have. */
  readonly id: string;
  /** What it will find. */
  readonly finds: string;
  /** What has to be there first. */
  readonly waitsFor: string;
}

const IMAGES = 'the content of images: layers, packages, advisories';
const TRUST = 'signatures and attestations, and the keys to trust';
const CLUSTER = 'a live cluster: nodes, versions, what the control plane answers';
const ATTACK = 'the attack graph over several steps';
const CLOUD = "the cloud provider's API";

/** What is known to be missing, so that nobody takes silence for a pass. */
export const PLANNED: readonly PlannedControl[] = [
  {
    id: 'admission-operation-guard',
    finds: 'Exec, copies, scaling and label changes outside agreed rules',
    waitsFor: 'admission requests and audit events',
  },
  {
    id: 'backup-policy-missing',
    finds: 'Volumes and namespaces that no backup schedule covers',
    waitsFor: 'the kinds of the common backup operators',
  },
  {
    id: 'cloud-registry-scan-or-access',
    finds: 'Registries that scan nothing or let nodes write',
    waitsFor: CLOUD,
  },
  {
    id: 'cni-without-policy-support',
    finds: 'A network plug-in that does not enforce network policies',
    waitsFor: CLUSTER,
  },
  {
    id: 'dry-run-divergence',
    finds: 'Objects that admission changes after they were scanned',
    waitsFor: CLUSTER,
  },
  {
    id: 'exposed-unauthenticated-service',
    finds: 'A published service that answers without a login',
    waitsFor: 'requests to the service',
  },
  {
    id: 'image-attestation-missing',
    finds: 'Images without a bill of materials or provenance',
    waitsFor: TRUST,
  },
  { id: 'image-base-not-allowed', finds: 'Images made on a base that is not allowed', waitsFor: IMAGES },
  {
    id: 'image-critical-vulns-exposed',
    finds: 'Reachable workloads with critical vulnerabilities',
    waitsFor: IMAGES,
  },
  {
    id: 'image-provenance-admission-missing',
    finds: 'A cluster that admits images whoever made them',
    waitsFor: CLUSTER,
  },
  { id: 'image-signature-missing', finds: 'Images that no trusted key has signed', waitsFor: TRUST },
  { id: 'image-stale-or-large', finds: 'Images over an agreed age or size', waitsFor: IMAGES },
  { id: 'image-too-many-vulns', finds: 'Images over an agreed number of vulnerabilities', waitsFor: IMAGES },
  {
    id: 'kubernetes-version-outdated',
    finds: 'Control planes and kubelets that get no more fixes',
    waitsFor: CLUSTER,
  },
  { id: 'manifest-signature-invalid', finds: 'Manifests whose signature does not hold', waitsFor: TRUST },
  {
    id: 'namespace-inventory',
    finds: 'Tenants that share a namespace',
    waitsFor: 'an inventory that says who owns what',
  },
  {
    id: 'rbac-label-theft',
    finds: 'Subjects that can draw pods of others under a Service or onto a node',
    waitsFor: ATTACK,
  },
  {
    id: 'schema-invalid',
    finds: 'Objects that do not fit the schema of the target version',
    waitsFor: 'the OpenAPI schemas of Kubernetes and of custom resources',
  },
  {
    id: 'secret-in-values-file',
    finds: 'Credentials in values files of charts that are not rendered',
    waitsFor: 'a place in the World for files that are no objects',
  },
  {
    id: 'workload-reachable-from-internet',
    finds: 'Workloads that requests from outside reach, over every hop',
    waitsFor: 'the reachability analysis',
  },
];
