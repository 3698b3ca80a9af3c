import type { Workload } from './container.ts';
import { type GroupKind, groupKindOf, groupOf, isBuiltInGroup } from './group-kind.ts';
import { isObject, type JsonObject, stringAt } from './json.ts';
import type { Origin } from './origin.ts';
import { SEEN_IN_PODS, workloadsOf } from './workload.ts';

/** What names an object in a cluster. `namespace` is empty for cluster-scoped kinds. */
export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A Kubernetes object as written, and where it was written. */
export interface Resource extends ResourceRef {
  /** API group, empty for the core group. */
  readonly group: string;
  readonly groupKind: GroupKind;
  /** `groupKind|namespace|name`: the same object in a file and in a cluster has the same key. */
  readonly key: string;
  /** Unique in a World: the key, with a suffix for a second copy of the same object. */
  readonly id: string;
  readonly object: JsonObject;
  readonly origin: Origin;
  /** Its pod templates: one for the built-in controllers, several for some custom resources, mostly none. */
  readonly workloads: readonly Workload[];
  /**
   * Of a controller whose pods are there and no template of them: what is known from these pods alone, `template` or the whole
   * `object`. Its `workloads` are what they are, one of each content, without secrets; paths lead into `withSeenPods`. They say
   * what it runs and are not judged: the pods are.
   */
  readonly seenInPods?: 'template' | 'object';
  /** Of an EndpointSlice in a live cluster: the ids of what is judged of the pods that it leads to. */
  readonly leadsTo?: readonly string[];
}

/**
 * The namespace in which an object lies: a Namespace, which belongs to none, lies in itself. Empty for what lies in none.
 *
 * @param object its kind as written beside the `apiVersion`, or with its group.
 */
export function namespaceOf({
  apiVersion = '',
  kind,
  namespace,
  name,
}: Omit<ResourceRef, 'apiVersion'> & { readonly apiVersion?: string | undefined }): string {
  return kind === 'Namespace' && groupOf(apiVersion) === '' ? name : namespace;
}

/** An object as it is stored and shown: with what its pods are, where these alone tell what it runs. */
export function withSeenPods({ object, workloads, seenInPods }: Resource): JsonObject {
  if (seenInPods === undefined) return object;
  return { ...object, [SEEN_IN_PODS]: workloads.map(({ metadata, spec }) => ({ metadata, spec })) };
}

/** An object as the API server told it, of one that is stored with what its pods are. */
export function withoutSeenPods(object: JsonObject): JsonObject {
  const { [SEEN_IN_PODS]: _pods, ...told } = object;
  return SEEN_IN_PODS in object ? told : object;
}

/** Built-in kinds that belong to no namespace. */
const CLUSTER_SCOPED = new Set<GroupKind>([
  'ComponentStatus',
  'Namespace',
  'Node',
  'PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'auditregistration.k8s.io/AuditSink',
  'authentication.k8s.io/SelfSubjectReview',
  'authentication.k8s.io/TokenReview',
  'authorization.k8s.io/SelfSubjectAccessReview',
  'authorization.k8s.io/SelfSubjectRulesReview',
  'authorization.k8s.io/SubjectAccessReview',
  'certificates.k8s.io/CertificateSigningRequest',
  'certificates.k8s.io/ClusterTrustBundle',
  'extensions/PodSecurityPolicy',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'gateway.networking.k8s.io/GatewayClass',
  'internal.apiserver.k8s.io/StorageVersion',
  'networking.k8s.io/ClusterCIDR',
  'networking.k8s.io/IPAddress',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'policy.networking.k8s.io/ClusterNetworkPolicy',
  'policy/PodSecurityPolicy',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'resource.k8s.io/DeviceTaintRule',
  'resource.k8s.io/ResourceClass',
  'resource.k8s.io/ResourcePoolStatusRequest',
  'resource.k8s.io/ResourceSlice',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
  'storagemigration.k8s.io/StorageVersionMigration',
]);

/** The object's name; a `generateName` prefix stands for it with a `*`. Undefined when it has neither. */
export function nameOf(object: JsonObject): string | undefined {
  const name = stringAt(object, 'metadata', 'name');
  if (name !== undefined && name !== '') return name;
  const prefix = stringAt(object, 'metadata', 'generateName');
  return prefix === undefined || prefix === '' ? undefined : `${prefix}*`;
}

/** Whether a value claims to be a Kubernetes object: it has `apiVersion` and `kind`, both text. */
export function isKubernetesObject(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    value['kind'] !== ''
  );
}

/**
 * Names an object. It must be a Kubernetes object with a name; the reader reports those that are not. What comes from an API
 * server, which gives each object a uid, says in which namespace it lies, or lies in none. Of what somebody wrote, an object
 * without a namespace lands in `defaultNamespace` when its kind is namespaced: built-in kinds by the table above, custom
 * kinds when they hold a pod template (the scope of other custom kinds is unknown without their definition).
 */
export function toResource(object: JsonObject, origin: Origin, defaultNamespace = 'default'): Resource {
  const apiVersion = stringAt(object, 'apiVersion') ?? '';
  const kind = stringAt(object, 'kind') ?? '';
  const group = groupOf(apiVersion);
  const groupKind = groupKindOf(group, kind);
  const workloads = workloadsOf(object, groupKind);
  let namespace = '';
  if (!CLUSTER_SCOPED.has(groupKind)) {
    namespace = stringAt(object, 'metadata', 'namespace') ?? '';
    const isWritten = origin.kind === 'file' && stringAt(object, 'metadata', 'uid') === undefined;
    if (namespace === '' && isWritten && (workloads.length > 0 || isBuiltInGroup(group)))
      namespace = defaultNamespace;
  }
  const name = nameOf(object) ?? '';
  const key = keyOf(groupKind, namespace, name);
  return { apiVersion, kind, namespace, name, group, groupKind, key, id: key, object, origin, workloads };
}

/** A resource of a kind that lies in no namespace, as its definition says, whatever was taken to be its namespace. */
export function inNoNamespace(resource: Resource): Resource {
  const key = keyOf(resource.groupKind, '', resource.name);
  return { ...resource, namespace: '', key, id: key };
}

function keyOf(groupKind: GroupKind, namespace: string, name: string): string {
  return `${groupKind}|${namespace}|${name}`;
}
