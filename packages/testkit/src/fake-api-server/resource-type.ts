/** A kind that a fake API server serves. */
export interface ResourceType {
  readonly group: string;
  /** The preferred version first. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** `list` and `watch` where it is undefined. */
  readonly verbs?: readonly string[];
}

/** Built-in kinds: group and version, then kinds; those with an exclamation mark belong to no namespace. */
const BUILT_IN: readonly (readonly [group: string, version: string, kinds: string])[] = [
  [
    '',
    'v1',
    'ConfigMap Endpoints Event LimitRange Namespace! Node! PersistentVolume! PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
  ],
  ['apps', 'v1', 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet'],
  ['batch', 'v1', 'CronJob Job'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler'],
  ['policy', 'v1', 'PodDisruptionBudget'],
  ['networking.k8s.io', 'v1', 'Ingress IngressClass! NetworkPolicy'],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRole! ClusterRoleBinding! Role RoleBinding'],
  [
    'admissionregistration.k8s.io',
    'v1',
    'MutatingWebhookConfiguration! ValidatingAdmissionPolicy! ValidatingAdmissionPolicyBinding! ValidatingWebhookConfiguration!',
  ],
  ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition!'],
  ['apiregistration.k8s.io', 'v1', 'APIService!'],
  ['certificates.k8s.io', 'v1', 'CertificateSigningRequest!'],
  ['storage.k8s.io', 'v1', 'CSIDriver! StorageClass!'],
  ['scheduling.k8s.io', 'v1', 'PriorityClass!'],
  ['node.k8s.io', 'v1', 'RuntimeClass!'],
  ['discovery.k8s.io', 'v1', 'EndpointSlice'],
  ['coordination.k8s.io', 'v1', 'Lease'],
];

/** The kinds of an API server without any extension. */
export const BUILT_IN_TYPES: readonly ResourceType[] = BUILT_IN.flatMap(([group, version, kinds]) =>
  kinds.split(' ').map((word) => {
    const kind = word.replace('!', '');
    return { group, versions: [version], kind, resource: pluralOf(kind), namespaced: kind === word };
  }),
);

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (lower.endsWith('y')) return `${lower.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

/** Names a type among all. */
export function typeKey({ group, kind }: Pick<ResourceType, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}

/** The type that a definition of a custom kind adds. */
export function typeOfDefinition(definition: unknown): ResourceType {
  const { spec } = definition as CustomDefinition;
  return {
    group: spec.group,
    versions: spec.versions.filter(({ served }) => served).map(({ name }) => name),
    kind: spec.names.kind,
    resource: spec.names.plural,
    namespaced: spec.scope === 'Namespaced',
  };
}

interface CustomDefinition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}
