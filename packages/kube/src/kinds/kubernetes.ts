import { kindsOfGroup, type WatchedKind } from './watched-kind.ts';

const PROJECT = 'Kubernetes';

/** Objects may be large: 100 of them at a time. */
const large = (kind: WatchedKind): WatchedKind => ({ ...kind, pageSize: 100 });

/** Those that lead somewhere and are not made by Kubernetes itself: its own follow from Services and pods, and change with every pod. */
const SLICES_BY_OTHERS =
  'kubernetes.io/service-name,endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io';

/** The kinds of the API server itself that say something about security. */
export const KUBERNETES_KINDS: readonly WatchedKind[] = [
  ...kindsOfGroup(PROJECT, '', [
    [
      'Namespace',
      'namespaces',
      'cluster',
      'Pod Security levels, and the labels that policies and owners go by.',
    ],
    ['Node', 'nodes', 'cluster', 'Versions of kubelet, kernel and container runtime; addresses and taints.'],
    [
      'Pod',
      'pods',
      'namespaced',
      'What truly runs, with what admission added: sidecars, debug containers, images.',
    ],
    ['PodTemplate', 'podtemplates', 'namespaced', 'A pod template that other objects start pods from.'],
    ['ReplicationController', 'replicationcontrollers', 'namespaced', 'A pod template.'],
    ['Service', 'services', 'namespaced', 'What is reachable, from where, and what lies behind it.'],
    [
      'ServiceAccount',
      'serviceaccounts',
      'namespaced',
      'The identity of pods, and whether they get its token.',
    ],
    ['LimitRange', 'limitranges', 'namespaced', 'Default and highest resources of containers.'],
    ['ResourceQuota', 'resourcequotas', 'namespaced', 'What a namespace may use up.'],
    [
      'PersistentVolume',
      'persistentvolumes',
      'cluster',
      'Storage outside pods: paths of nodes, shares, disks.',
    ],
    [
      'PersistentVolumeClaim',
      'persistentvolumeclaims',
      'namespaced',
      'Which workload reaches which storage.',
    ],
  ]),
  ...kindsOfGroup(PROJECT, '', [
    [
      'ConfigMap',
      'configmaps',
      'namespaced',
      'Configuration; credentials are found in it that belong elsewhere.',
    ],
  ]).map(large),
  ...kindsOfGroup(PROJECT, 'apps', [
    ['Deployment', 'deployments', 'namespaced', 'A pod template.'],
    ['StatefulSet', 'statefulsets', 'namespaced', 'A pod template, and the storage of its pods.'],
    ['DaemonSet', 'daemonsets', 'namespaced', 'A pod template that runs on every node.'],
    [
      'ReplicaSet',
      'replicasets',
      'namespaced',
      'The link between pods and their Deployment; a pod template.',
    ],
  ]),
  ...kindsOfGroup(PROJECT, 'batch', [
    ['Job', 'jobs', 'namespaced', 'A pod template that runs to its end.'],
    ['CronJob', 'cronjobs', 'namespaced', 'A pod template that runs by the clock.'],
  ]),
  ...kindsOfGroup(PROJECT, 'autoscaling', [
    [
      'HorizontalPodAutoscaler',
      'horizontalpodautoscalers',
      'namespaced',
      'How many pods a workload may have.',
    ],
  ]),
  ...kindsOfGroup(PROJECT, 'policy', [
    ['PodDisruptionBudget', 'poddisruptionbudgets', 'namespaced', 'How many pods may be taken away at once.'],
    ['PodSecurityPolicy', 'podsecuritypolicies', 'cluster', 'What pods may do, in clusters before 1.25.'],
  ]),
  ...kindsOfGroup(PROJECT, 'networking.k8s.io', [
    ['NetworkPolicy', 'networkpolicies', 'namespaced', 'Which connections of pods are allowed.'],
    ['Ingress', 'ingresses', 'namespaced', 'What is reachable from outside over HTTP.'],
    ['IngressClass', 'ingressclasses', 'cluster', 'Which controller serves an Ingress.'],
    ['ServiceCIDR', 'servicecidrs', 'cluster', 'The addresses of Services, for network rules by address.'],
  ]),
  ...kindsOfGroup(PROJECT, 'discovery.k8s.io', [
    [
      'EndpointSlice',
      'endpointslices',
      'namespaced',
      'Where Services without a selector lead. Those that Kubernetes makes from Services and pods are left out.',
    ],
  ]).map((kind) => ({ ...kind, labelSelector: SLICES_BY_OTHERS })),
  ...kindsOfGroup(PROJECT, 'rbac.authorization.k8s.io', [
    ['Role', 'roles', 'namespaced', 'Permissions in a namespace.'],
    ['RoleBinding', 'rolebindings', 'namespaced', 'Who has permissions in a namespace.'],
    ['ClusterRole', 'clusterroles', 'cluster', 'Permissions.'],
    ['ClusterRoleBinding', 'clusterrolebindings', 'cluster', 'Who has permissions everywhere.'],
  ]),
  ...kindsOfGroup(PROJECT, 'admissionregistration.k8s.io', [
    [
      'ValidatingWebhookConfiguration',
      'validatingwebhookconfigurations',
      'cluster',
      'Who may refuse objects, and what happens when they do not answer.',
    ],
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', 'cluster', 'Who may change objects.'],
    ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies', 'cluster', 'Rules that refuse objects.'],
    [
      'ValidatingAdmissionPolicyBinding',
      'validatingadmissionpolicybindings',
      'cluster',
      'Where rules that refuse objects apply.',
    ],
    ['MutatingAdmissionPolicy', 'mutatingadmissionpolicies', 'cluster', 'Rules that change objects.'],
    [
      'MutatingAdmissionPolicyBinding',
      'mutatingadmissionpolicybindings',
      'cluster',
      'Where rules that change objects apply.',
    ],
  ]),
  ...kindsOfGroup(PROJECT, 'apiextensions.k8s.io', [
    [
      'CustomResourceDefinition',
      'customresourcedefinitions',
      'cluster',
      'Which custom kinds there are, which hold pod templates, and who converts them.',
    ],
  ]).map((kind) => ({ ...kind, pageSize: 20 })),
  ...kindsOfGroup(PROJECT, 'apiregistration.k8s.io', [
    [
      'APIService',
      'apiservices',
      'cluster',
      'Who else answers for parts of the API, and whether they are checked.',
    ],
  ]),
  ...kindsOfGroup(PROJECT, 'certificates.k8s.io', [
    [
      'CertificateSigningRequest',
      'certificatesigningrequests',
      'cluster',
      'Who asks for client certificates.',
    ],
    ['ClusterTrustBundle', 'clustertrustbundles', 'cluster', 'Which authorities workloads trust.'],
  ]),
  ...kindsOfGroup(PROJECT, 'storage.k8s.io', [
    [
      'StorageClass',
      'storageclasses',
      'cluster',
      'How volumes are made: encryption, and what happens at the end.',
    ],
    ['CSIDriver', 'csidrivers', 'cluster', 'Which storage drivers there are, and which get tokens of pods.'],
  ]),
  ...kindsOfGroup(PROJECT, 'scheduling.k8s.io', [
    ['PriorityClass', 'priorityclasses', 'cluster', 'Which pods may push out others.'],
  ]),
  ...kindsOfGroup(PROJECT, 'node.k8s.io', [
    ['RuntimeClass', 'runtimeclasses', 'cluster', 'Which pods run in a sandbox.'],
  ]),
  ...kindsOfGroup(PROJECT, 'resource.k8s.io', [
    ['DeviceClass', 'deviceclasses', 'cluster', 'Which devices pods can have.'],
    ['ResourceClaim', 'resourceclaims', 'namespaced', 'Who has which device, and with administrator access.'],
    ['ResourceClaimTemplate', 'resourceclaimtemplates', 'namespaced', 'Which devices a workload asks for.'],
  ]),
  ...kindsOfGroup(PROJECT, '', [
    [
      'Secret',
      'secrets',
      'namespaced',
      'Types, key names and sizes, and certificates; values are never kept.',
    ],
  ]).map((kind) => large({ ...kind, isSecret: true })),
];
