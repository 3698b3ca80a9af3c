/*
 * What an API server makes in RBAC by itself at every start: its bootstrap policy, Kubernetes 1.20 to 1.37, with what
 * its feature gates add (Kubernetes documentation, Using RBAC Authorization, "Default roles and role bindings";
 * k8s.io/kubernetes, plugin/pkg/auth/authorizer/rbac/bootstrappolicy). What distributions add is not in it.
 */

/** What a role of the bootstrap policy gives that is worth a finding elsewhere. */
export interface OwnRight {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Only for these names; absent: for every name. */
  readonly names?: readonly string[];
}

const WRITE = 'create delete deletecollection patch update';
const RBAC = 'rbac.authorization.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const SIGNERS = {
  client: 'kubernetes.io/kube-apiserver-client',
  kubelet: 'kubernetes.io/kube-apiserver-client-kubelet',
  serving: 'kubernetes.io/kubelet-serving',
  legacy: 'kubernetes.io/legacy-unknown',
};

/** Verbs, resources and groups are separated by spaces; an empty group is the core group. */
function may(verbs: string, resources: string, groups = '', ...names: string[]): OwnRight {
  const right = { verbs: verbs.split(' '), groups: groups.split(' '), resources: resources.split(' ') };
  return names.length === 0 ? right : { ...right, names };
}

/** The cluster roles and bindings of controllers, by the name of their account in kube-system. */
const CONTROLLERS: Readonly<Record<string, readonly OwnRight[]>> = {
  'attachdetach-controller': [may('patch update', 'nodes/status')],
  'certificate-controller': [
    may('delete', 'certificatesigningrequests', CERTIFICATES),
    may('update', 'certificatesigningrequests/approval certificatesigningrequests/status', CERTIFICATES),
    may('approve', 'signers', CERTIFICATES, SIGNERS.kubelet),
    may('sign', 'signers', CERTIFICATES, ...Object.values(SIGNERS)),
  ],
  'clusterrole-aggregation-controller': [may('escalate patch update', 'clusterroles', RBAC)],
  'cronjob-controller': [
    may('update', 'cronjobs', 'batch'),
    may('create delete patch update', 'jobs', 'batch'),
    may('delete', 'pods'),
  ],
  'daemon-set-controller': [may('create delete patch', 'pods')],
  'deployment-controller': [
    may('update', 'deployments', 'apps extensions'),
    may('create delete patch update', 'replicasets', 'apps extensions'),
    may('update', 'pods'),
  ],
  'device-taint-eviction-controller': [may('delete', 'pods')],
  'disruption-controller': [may('get', '*/scale', '*')],
  'endpoint-controller': [may('create delete update', 'endpoints')],
  'endpointslice-controller': [may('create delete update', 'endpointslices', 'discovery.k8s.io')],
  'endpointslicemirroring-controller': [may('create delete update', 'endpointslices', 'discovery.k8s.io')],
  'ephemeral-volume-controller': [],
  // For volumes of the kinds that were built in, up to 1.26, as below.
  'expand-controller': [may('patch update', 'persistentvolumes'), may('get', 'secrets')],
  'generic-garbage-collector': [may('delete get list patch update watch', '*', '*')],
  'horizontal-pod-autoscaler': [
    may('get update', '*/scale', '*'),
    may('get list watch', '*', 'custom.metrics.k8s.io external.metrics.k8s.io'),
    may('get', 'services/proxy', '', 'http:heapster:', 'https:heapster:'),
  ],
  'job-controller': [may('patch update', 'jobs', 'batch'), may('create delete patch', 'pods')],
  'kube-apiserver-serving-clustertrustbundle-publisher': [
    may('attest', 'signers', CERTIFICATES, 'kubernetes.io/kube-apiserver-serving'),
  ],
  'legacy-service-account-token-cleaner': [may('delete patch', 'secrets')],
  'namespace-controller': [
    may('delete', 'namespaces'),
    may('delete deletecollection get list watch', '*', '*'),
  ],
  'node-controller': [
    may('delete patch update', 'nodes'),
    may('patch update', 'nodes/status'),
    may('delete', 'pods'),
  ],
  'persistent-volume-binder': [
    may('create delete update', 'persistentvolumes endpoints services'),
    may('create delete', 'pods'),
    may('get', 'secrets'),
  ],
  'pod-garbage-collector': [may('delete', 'pods')],
  podcertificaterequestcleaner: [],
  'podgroup-protection-controller': [],
  'pv-protection-controller': [may('update', 'persistentvolumes')],
  'pvc-protection-controller': [],
  'replicaset-controller': [
    may('update', 'replicasets', 'apps extensions'),
    may('create delete patch', 'pods'),
  ],
  'replication-controller': [may('update', 'replicationcontrollers'), may('create delete patch', 'pods')],
  'resource-claim-controller': [],
  'resourcepoolstatusrequest-controller': [],
  'resourcequota-controller': [may('list watch', '*', '*')],
  'root-ca-cert-publisher': [may('create update', 'configmaps')],
  'route-controller': [may('patch', 'nodes/status')],
  'selinux-warning-controller': [],
  'service-account-controller': [may('create', 'serviceaccounts')],
  'service-cidrs-controller': [],
  'service-controller': [may('patch update', 'services/status')],
  'statefulset-controller': [may('create delete patch update', 'pods')],
  'storage-version-garbage-collector': [],
  'storage-version-migrator-controller': [may('create get list patch update watch', '*', '*')],
  'ttl-after-finished-controller': [may('delete', 'jobs', 'batch')],
  'ttl-controller': [may('patch update', 'nodes')],
  'validatingadmissionpolicy-status-controller': [],
  'volumeattributesclass-protection-controller': [],
};

/** What belongs to a namespace, and what its administrators have beyond that. */
const EDIT: readonly OwnRight[] = [
  may('get list watch', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  may('impersonate', 'serviceaccounts'),
  may(WRITE, 'pods pods/attach pods/exec pods/portforward pods/proxy services services/proxy'),
  may(WRITE, 'configmaps endpoints events replicationcontrollers secrets serviceaccounts'),
  may('create', 'serviceaccounts/token'),
  may(WRITE, 'daemonsets deployments replicasets statefulsets', 'apps extensions'),
  may(WRITE, 'cronjobs jobs', 'batch'),
  may(WRITE, 'ingresses networkpolicies', 'extensions networking.k8s.io'),
];
const ADMIN: readonly OwnRight[] = [may(WRITE, 'rolebindings roles', RBAC)];

function prefixed<T>(prefix: string, entries: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(entries).map(([name, value]) => [`${prefix}${name}`, value]);
}

/** The cluster roles, by name, but for cluster-admin, which has every right. */
export const OWN_CLUSTER_ROLES: ReadonlyMap<string, readonly OwnRight[]> = new Map([
  ['admin', [...EDIT, ...ADMIN]],
  ['edit', EDIT],
  ['view', []],
  ...prefixed('system:controller:', CONTROLLERS),
  ...prefixed<readonly OwnRight[]>('system:', {
    'aggregate-to-admin': ADMIN,
    'aggregate-to-edit': EDIT,
    'aggregate-to-view': [],
    'auth-delegator': [],
    'basic-user': [],
    'certificates.k8s.io:certificatesigningrequests:nodeclient': [],
    'certificates.k8s.io:certificatesigningrequests:selfnodeclient': [],
    'certificates.k8s.io:kube-apiserver-client-approver': [
      may('approve', 'signers', CERTIFICATES, SIGNERS.client),
    ],
    'certificates.k8s.io:kube-apiserver-client-kubelet-approver': [
      may('approve', 'signers', CERTIFICATES, SIGNERS.kubelet),
    ],
    'certificates.k8s.io:kubelet-serving-approver': [
      may('approve', 'signers', CERTIFICATES, SIGNERS.serving),
    ],
    'certificates.k8s.io:legacy-unknown-approver': [may('approve', 'signers', CERTIFICATES, SIGNERS.legacy)],
    'cluster-trust-bundle-discovery': [],
    discovery: [],
    heapster: [],
    'kube-aggregator': [],
    'kube-controller-manager': [
      may('create delete get update', 'secrets'),
      may('create update', 'configmaps endpoints serviceaccounts'),
      may('list watch', '*', '*'),
      may('create', 'serviceaccounts/token'),
    ],
    'kube-dns': [],
    'kube-scheduler': [may('delete', 'pods'), may('create update', 'endpoints')],
    'kubelet-api-admin': [
      may('proxy', 'nodes'),
      may('*', 'nodes/log nodes/metrics nodes/proxy nodes/stats nodes/configz nodes/healthz nodes/pods'),
    ],
    monitoring: [],
    node: [
      may('create patch update', 'nodes'),
      may('patch update', 'nodes/status'),
      may('create delete', 'pods'),
      may('get list watch', 'secrets'),
      may('create', 'certificatesigningrequests', CERTIFICATES),
      may('create', 'serviceaccounts/token'),
    ],
    'node-bootstrapper': [may('create', 'certificatesigningrequests', CERTIFICATES)],
    'node-problem-detector': [may('patch', 'nodes/status')],
    'node-proxier': [],
    'persistent-volume-provisioner': [may('create delete', 'persistentvolumes')],
    'public-info-viewer': [],
    'service-account-issuer-discovery': [],
    'volume-scheduler': [may('patch update', 'persistentvolumes')],
  }),
]);

/** What the own cluster roles are added to, by the label `rbac.authorization.k8s.io/aggregate-to-…`. */
export const OWN_AGGREGATION: ReadonlyMap<string, string> = new Map([
  ['edit', 'admin'],
  ['view', 'edit'],
  ['system:aggregate-to-admin', 'admin'],
  ['system:aggregate-to-edit', 'edit'],
  ['system:aggregate-to-view', 'view'],
]);

/** The roles of namespaces, as `namespace/name`. */
export const OWN_ROLES: ReadonlyMap<string, readonly OwnRight[]> = new Map([
  ['kube-public/system:controller:bootstrap-signer', [may('update', 'configmaps', '', 'cluster-info')]],
  ['kube-system/extension-apiserver-authentication-reader', []],
  [
    'kube-system/system::leader-locking-kube-controller-manager',
    [may('update', 'configmaps', '', 'kube-controller-manager')],
  ],
  ['kube-system/system::leader-locking-kube-scheduler', [may('update', 'configmaps', '', 'kube-scheduler')]],
  ['kube-system/system:controller:bootstrap-signer', [may('get list watch', 'secrets')]],
  ['kube-system/system:controller:cloud-provider', [may('create', 'configmaps')]],
  ['kube-system/system:controller:token-cleaner', [may('delete get list watch', 'secrets')]],
]);

/** What a binding of the bootstrap policy gives, and to whom: `Group name`, `ServiceAccount namespace/name`. */
export interface OwnBinding {
  readonly role: string;
  readonly subjects: readonly string[];
}

const MANAGER = 'User system:kube-controller-manager';
const SCHEDULER = 'User system:kube-scheduler';

function account(name: string): string {
  return `ServiceAccount kube-system/${name}`;
}

/** The cluster role bindings, by name: each gives the cluster role of the same name. */
export const OWN_CLUSTER_BINDINGS: ReadonlyMap<string, OwnBinding> = new Map(
  [
    ...Object.keys(CONTROLLERS).map((name): [string, string[]] => [
      `system:controller:${name}`,
      [account(name)],
    ]),
    ...Object.entries({
      'cluster-admin': ['Group system:masters'],
      'system:basic-user': ['Group system:authenticated'],
      'system:cluster-trust-bundle-discovery': ['Group system:serviceaccounts'],
      'system:discovery': ['Group system:authenticated'],
      'system:kube-controller-manager': [MANAGER],
      'system:kube-dns': [account('kube-dns')],
      'system:kube-scheduler': [SCHEDULER],
      'system:monitoring': ['Group system:monitoring'],
      'system:node': [],
      'system:node-proxier': ['User system:kube-proxy'],
      'system:public-info-viewer': ['Group system:authenticated', 'Group system:unauthenticated'],
      'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
      'system:volume-scheduler': [SCHEDULER],
    }),
  ].map(([name, subjects]) => [name, { role: name, subjects }]),
);

/** The role bindings, as `namespace/name`: each gives a role of its namespace. */
export const OWN_ROLE_BINDINGS: ReadonlyMap<string, OwnBinding> = new Map(
  [
    {
      name: 'kube-system/system::extension-apiserver-authentication-reader',
      role: 'extension-apiserver-authentication-reader',
      subjects: [MANAGER, SCHEDULER],
    },
    {
      name: 'kube-system/system::leader-locking-kube-controller-manager',
      subjects: [MANAGER, account('kube-controller-manager'), account('leader-election-controller')],
    },
    {
      name: 'kube-system/system::leader-locking-kube-scheduler',
      subjects: [SCHEDULER, account('kube-scheduler')],
    },
    { name: 'kube-public/system:controller:bootstrap-signer', subjects: [account('bootstrap-signer')] },
    { name: 'kube-system/system:controller:bootstrap-signer', subjects: [account('bootstrap-signer')] },
    { name: 'kube-system/system:controller:cloud-provider', subjects: [account('cloud-provider')] },
    { name: 'kube-system/system:controller:token-cleaner', subjects: [account('token-cleaner')] },
  ].map(({ name, subjects, role = name.slice(name.indexOf('/') + 1) }) => [name, { role, subjects }]),
);
