import type { RoleSpec } from '../app/access.ts';

/** What people and tools may be allowed; the roles that Kubernetes brings are in short. */
export const ROLES: readonly RoleSpec[] = [
  {
    role: 'developer-debug',
    rights: ['get,list,watch core:pods,pods/log,events', 'create core:pods/portforward'],
  },
  {
    role: 'incident-exec',
    rights: ['get,list core:pods,pods/log', 'create core:pods/exec', 'delete core:pods'],
  },
  {
    role: 'deployer',
    rights: [
      'get,list,watch,create,update,patch apps:deployments,statefulsets',
      'get,list,watch,create,update,patch core:services,configmaps',
      'get,list,watch core:pods,pods/log',
      'get,list,watch,create,update,patch networking.k8s.io:ingresses',
    ],
  },
  {
    role: 'ci-bootstrap',
    rights: [
      'get,list,create,update core:namespaces',
      'get,list,create,update rbac.authorization.k8s.io:roles,rolebindings,clusterrolebindings',
      'bind rbac.authorization.k8s.io:clusterroles',
    ],
  },
  { role: 'namespace-lister', rights: ['get,list,watch core:namespaces'] },
  {
    role: 'argocd-server',
    rights: ['get,list,watch core:pods,pods/log,events', 'get,list,watch apps:deployments,replicasets'],
  },
  {
    role: 'cert-manager-controller',
    rights: [
      'get,list,watch,update,patch cert-manager.io:certificates,certificaterequests,issuers,clusterissuers',
      'create,patch core:events',
      'get,list,watch,create,update,delete core:secrets',
    ],
  },
  {
    role: 'cert-manager-cainjector',
    rights: [
      'get,list,watch cert-manager.io:certificates',
      'get,list,watch,update,patch admissionregistration.k8s.io:validatingwebhookconfigurations=cert-manager-webhook,kyverno-resources',
    ],
  },
  {
    role: 'external-secrets-controller',
    rights: [
      'get,list,watch external-secrets.io:externalsecrets,secretstores,clustersecretstores',
      'update,patch external-secrets.io:externalsecrets/status',
    ],
  },
  {
    role: 'external-dns',
    rights: ['get,list,watch core:services,nodes', 'get,list,watch networking.k8s.io:ingresses'],
  },
  {
    role: 'kyverno-admission',
    rights: [
      'get,list,watch kyverno.io:clusterpolicies,policies,policyexceptions',
      'get,list,watch core:namespaces,configmaps',
    ],
  },
  {
    role: 'reloader',
    rights: ['get,list,watch core:configmaps', 'get,list,patch apps:deployments,statefulsets,daemonsets'],
  },
  { role: 'descheduler', rights: ['get,list,watch core:nodes,pods,namespaces', 'create core:pods/eviction'] },
  {
    role: 'developer-portal',
    rights: ['get,list,watch core:pods,services,namespaces', 'get,list,watch apps:deployments'],
  },
  {
    role: 'prometheus',
    rights: [
      'get,list,watch core:nodes,services,endpoints,pods',
      'get core:nodes/metrics',
      'get,list,watch discovery.k8s.io:endpointslices',
    ],
  },
  { role: 'kubelet-probe', rights: ['get,list core:nodes', 'get core:nodes/proxy,nodes/stats'] },
  { role: 'log-shipper', rights: ['get,list,watch core:pods,namespaces,nodes'] },
  {
    role: 'kube-state-metrics',
    rights: [
      'list,watch core:pods,nodes,services,configmaps,secrets,namespaces,persistentvolumeclaims,resourcequotas',
      'list,watch apps:deployments,statefulsets,daemonsets,replicasets',
      'list,watch batch:jobs,cronjobs',
    ],
  },
  {
    role: 'ingress-nginx',
    rights: [
      'list,watch core:endpoints,nodes,pods,namespaces,services,configmaps',
      'list,watch networking.k8s.io:ingresses,ingressclasses',
      'update networking.k8s.io:ingresses/status',
    ],
  },
  {
    role: 'envoy-gateway',
    rights: [
      'get,list,watch gateway.networking.k8s.io:gateways,httproutes,gatewayclasses,referencegrants',
      'get,list,watch core:services,namespaces',
    ],
  },
  {
    role: 'strimzi-operator',
    rights: ['get,list,watch core:nodes', 'get,list,watch storage.k8s.io:storageclasses'],
  },
  {
    role: 'coredns',
    rights: [
      'list,watch core:endpoints,services,pods,namespaces',
      'list,watch discovery.k8s.io:endpointslices',
    ],
  },
  {
    role: 'calico-node',
    rights: [
      'get,list,watch core:nodes,namespaces,pods,serviceaccounts',
      'patch,update core:nodes/status',
      'get,list,watch networking.k8s.io:networkpolicies',
    ],
  },
  { role: 'calico-kube-controllers', rights: ['get,list,watch core:nodes,pods'] },
  { role: 'metrics-server', rights: ['get core:nodes/metrics', 'get,list,watch core:pods,nodes'] },
  {
    role: 'csi-controller',
    rights: [
      'get,list,watch,create,patch,delete core:persistentvolumes',
      'get,list,watch,update core:persistentvolumeclaims',
      'get,list,watch storage.k8s.io:storageclasses,csinodes',
    ],
  },
  ...['payments', 'accounts', 'checkout', 'orders'].map(
    (namespace): RoleSpec => ({
      role: `${namespace}/external-secrets-writer`,
      rights: ['get,list,watch,create,update,patch core:secrets'],
    }),
  ),
  {
    role: 'streaming/strimzi-operator',
    rights: [
      'get,list,watch,create,update,patch,delete core:pods,services,configmaps,secrets,serviceaccounts',
      'get,list,watch,create,update,patch,delete kafka.strimzi.io:kafkas,kafkatopics,kafkausers',
    ],
  },
  {
    role: 'analytics/airflow-scheduler',
    rights: ['get,list,watch,create,delete core:pods', 'get core:pods/log'],
  },
  { role: 'analytics/jupyterhub', rights: ['get,list,watch,create,delete core:pods,persistentvolumeclaims'] },
  {
    role: 'ci/runner',
    rights: [
      'get,list,watch,create,delete core:pods,configmaps',
      'create core:pods/exec',
      'get core:pods/log',
    ],
  },
  { role: 'ci/preview-cleanup', rights: ['* *:*'] },
  { role: 'payments/secret-rotation', rights: ['get,update core:secrets=psp-credentials,payments-hmac'] },
  { role: 'support/refund-operators', rights: ['get,list core:pods', 'get core:pods/log'] },
];

/** What Kubernetes brings with it, in short: the rights that matter of each. */
export const BUILT_IN_ROLES: readonly RoleSpec[] = (
  [
    ['cluster-admin', ['* *:*']],
    [
      'admin',
      [
        'get,list,watch,create,update,patch,delete core:pods,services,configmaps,secrets,serviceaccounts',
        'create core:pods/exec,pods/attach,pods/portforward,serviceaccounts/token',
        'impersonate core:serviceaccounts',
        'get,list,watch,create,update,patch,delete apps:deployments,statefulsets,daemonsets,replicasets',
        'get,list,watch,create,update,patch,delete batch:jobs,cronjobs',
        'get,list,watch,create,update,patch,delete rbac.authorization.k8s.io:roles,rolebindings',
      ],
    ],
    [
      'edit',
      [
        'get,list,watch,create,update,patch,delete core:pods,services,configmaps,secrets,serviceaccounts',
        'create core:pods/exec,pods/attach,pods/portforward,serviceaccounts/token',
        'impersonate core:serviceaccounts',
        'get,list,watch,create,update,patch,delete apps:deployments,statefulsets,daemonsets,replicasets',
        'get,list,watch,create,update,patch,delete batch:jobs,cronjobs',
      ],
    ],
    [
      'view',
      [
        'get,list,watch core:pods,services,configmaps,serviceaccounts,events,namespaces',
        'get,list,watch apps:deployments,statefulsets,daemonsets,replicasets',
        'get,list,watch batch:jobs,cronjobs',
      ],
    ],
  ] as const
).map(([role, rights]) => ({ role, rights, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }));
