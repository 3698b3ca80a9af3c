import type { BindingSpec } from '../app/access.ts';

const ACCEPTED = {
  argocd: 'It applies what is in Git, and only reviewed commits reach it; until=2027-03-31; owner=platform',
  backup: 'It restores objects of every kind, reviewed with the auditors; until=2027-06-30; owner=platform',
};

function controller(role: string, namespace: string, account = role): BindingSpec {
  return { binding: role, role, to: [`sa:${namespace}/${account}`] };
}

/** Namespaces into which the pipelines deploy. */
const DEPLOYED = ['storefront', 'checkout', 'orders', 'search', 'support', 'staging'];

/** Who has which role. */
export const BINDINGS: readonly BindingSpec[] = [
  { binding: 'cluster-admin', role: 'cluster-admin', to: ['group:system:masters'] },
  { binding: 'platform-admins', role: 'cluster-admin', to: ['group:hearthside:platform-admins'] },
  { binding: 'developers-view', role: 'view', to: ['group:hearthside:developers'] },
  { binding: 'everyone-lists-namespaces', role: 'namespace-lister', to: ['group:system:authenticated'] },
  { binding: 'portal-catalogue-view', role: 'view', to: ['group:system:authenticated'] },
  { binding: 'oncall-exec', role: 'incident-exec', to: ['group:hearthside:oncall'] },
  {
    binding: 'argocd-application-controller',
    role: 'cluster-admin',
    to: ['sa:gitops/argocd-application-controller'],
    annotations: { 'bulwark.dev/except.cluster-admin-binding': ACCEPTED.argocd },
  },
  {
    binding: 'backup',
    role: 'cluster-admin',
    to: ['sa:platform/backup'],
    annotations: { 'bulwark.dev/except.cluster-admin-binding': ACCEPTED.backup },
  },
  controller('argocd-server', 'gitops'),
  controller('cert-manager-controller', 'platform', 'cert-manager'),
  controller('cert-manager-cainjector', 'platform'),
  controller('external-secrets-controller', 'platform', 'external-secrets'),
  controller('external-dns', 'platform'),
  controller('kyverno-admission', 'platform', 'kyverno'),
  controller('descheduler', 'platform'),
  controller('developer-portal', 'platform'),
  controller('prometheus', 'monitoring'),
  controller('kubelet-probe', 'monitoring'),
  controller('log-shipper', 'monitoring'),
  controller('kube-state-metrics', 'monitoring'),
  controller('ingress-nginx', 'ingress', 'ingress-nginx-controller'),
  controller('envoy-gateway', 'ingress'),
  controller('strimzi-operator', 'streaming', 'strimzi-cluster-operator'),
  controller('coredns', 'kube-system'),
  controller('calico-node', 'kube-system'),
  controller('calico-kube-controllers', 'kube-system'),
  controller('metrics-server', 'kube-system'),
  controller('csi-controller', 'kube-system'),
  ...['payments', 'accounts', 'checkout', 'orders'].map((namespace) => ({
    binding: `${namespace}/external-secrets`,
    role: `${namespace}/external-secrets-writer`,
    to: ['sa:platform/external-secrets'],
  })),
  ...['storefront', 'checkout', 'support'].map((namespace) => ({
    binding: `${namespace}/reloader`,
    role: 'reloader',
    to: ['sa:platform/reloader'],
  })),
  ...DEPLOYED.map((namespace) => ({
    binding: `${namespace}/ci-deployer`,
    role: 'deployer',
    to: ['sa:ci/runner'],
  })),
  { binding: 'staging/developers', role: 'edit', to: ['group:hearthside:developers'] },
  {
    binding: 'sandbox/everyone',
    role: 'admin',
    to: ['group:hearthside:developers', 'group:hearthside:interns'],
  },
  { binding: 'marketing/agency', role: 'edit', to: ['user:dev@partners.example'] },
  { binding: 'storefront/team', role: 'developer-debug', to: ['group:hearthside:storefront'] },
  { binding: 'checkout/team', role: 'developer-debug', to: ['group:hearthside:checkout'] },
  { binding: 'payments/team', role: 'developer-debug', to: ['group:hearthside:payments'] },
  {
    binding: 'payments/secret-rotation',
    role: 'payments/secret-rotation',
    to: ['group:hearthside:payments-leads'],
  },
  {
    binding: 'warehouse/logistics',
    role: 'admin',
    to: ['group:hearthside:logistics', 'user:tomasz.zielinski@hearthside.example'],
  },
  {
    binding: 'support/refund-operators',
    role: 'support/refund-operators',
    to: ['group:hearthside:customer-care'],
  },
  {
    binding: 'streaming/strimzi-operator',
    role: 'streaming/strimzi-operator',
    to: ['sa:streaming/strimzi-cluster-operator'],
  },
  {
    binding: 'analytics/airflow-scheduler',
    role: 'analytics/airflow-scheduler',
    to: ['sa:analytics/airflow-scheduler'],
  },
  { binding: 'analytics/jupyterhub', role: 'analytics/jupyterhub', to: ['sa:analytics/jupyterhub'] },
  { binding: 'ci/runner', role: 'ci/runner', to: ['sa:ci/runner'] },
  { binding: 'runner-deploy-temp', role: 'cluster-admin', to: ['sa:ci/runner'] },
  { binding: 'ci/preview-cleanup', role: 'ci/preview-cleanup', to: ['sa:ci/preview-cleanup'] },
  { binding: 'crm-old/default-edit', role: 'edit', to: ['sa:crm-old/default'] },
  { binding: 'sandbox/left-over', role: 'sandbox/experiment', to: ['user:k.meyer@hearthside.example'] },
];
